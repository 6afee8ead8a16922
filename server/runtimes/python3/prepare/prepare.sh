#!/bin/sh
# Byte code for everything, so that no function's start compiles the library: `prepare.sh TREE BASE_TREE`, run where
# images are built. The images' own interpreter makes it, by its own loader; unchecked-hash keeps times out of it, and
# the paths in it are those inside the image.
set -eu
tree=$1
base=$2
libraries=usr/lib/x86_64-linux-gnu
export PYTHONHOME="$tree/usr" PYTHONHASHSEED=0
exec "$base/usr/lib64/ld-linux-x86-64.so.2" --library-path "$base/$libraries:$tree/$libraries" "$tree/usr/bin/python3" \
  -S -m compileall -q -f --invalidation-mode unchecked-hash -s "$tree" -p / \
  -x '/(test|idlelib|lib2to3)/' "$tree"/usr/lib/python3*
