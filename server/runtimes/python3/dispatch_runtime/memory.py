"""Asks the kernel about this container's memory."""

# cgroup v2, then v1; both hold a line `oom_kill <count>`.
_COUNTERS = ('/sys/fs/cgroup/memory.events', '/sys/fs/cgroup/memory/memory.oom_control')


def count_oom_kills():
    """How many processes of this container the kernel has killed for want of memory; 0 where it does not say."""
    for path in _COUNTERS:
        try:
            with open(path) as counters:
                for line in counters:
                    name, _, value = line.partition(' ')
                    if name == 'oom_kill':
                        return int(value)
        except OSError:
            continue
    return 0


def die_first():
    """Makes this process the one to go when memory runs out, rather than the zygote that can replace it."""
    try:
        with open('/proc/self/oom_score_adj', 'w') as score:
            score.write('1000')
    except OSError:
        pass
