"""The python3 runtime: a zygote that imports the handler once and forks workers, each with a connection of its own."""
