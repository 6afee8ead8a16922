#!/bin/sh
# Completes the tree of java's packages: `prepare.sh TREE BASE_TREE`, run where images are built. Java itself, at its place
# in the image, compiles our programs, and keeps their classes and its own in an archive that every worker maps.
# SOURCE_DATE_EPOCH is the time that the image's files get: Java takes the archive only for jars of the same time.
set -eu
tree=$1
base=$2
here=$(cd "$(dirname "$0")" && pwd)
root=$tree.root
home=usr/share/dispatch/java
options="@/$home/options"

if [ "${3-}" != inside ]; then
  user=$([ "$(id -u)" = 0 ] || echo --user --map-root-user)
  # shellcheck disable=SC2086
  exec unshare $user --mount --pid --fork sh "$0" "$tree" "$base" inside
fi

java() {
  chroot "$root" /bin/sh -c 'cd /build && exec "$@"' sh /usr/bin/java "$@"
}

# Classes of the folder $1, compiled with the class path $2, as $1.jar.
makeJar() {
  java -m jdk.compiler/com.sun.tools.javac.Main -Xlint:all,-serial -Werror -proc:none -g:source,lines \
    -d "classes/$1" -cp "$2" $(cd "$root/build" && ls "$1"/*.java)
  [ ! -d "$root/build/$1/resources" ] || cp -R "$root/build/$1/resources/." "$root/build/classes/$1"
  java -m jdk.jartool/sun.tools.jar.Main --create --file "/$home/$1.jar" \
    --date "$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)" -C "classes/$1" .
}

modules=$(cd "$tree" && find usr/lib/jvm -name modules)
jvm=${modules%/lib/modules}
mkdir -p "$tree/usr/bin" "$tree/var/lib/dpkg/alternatives" "$tree/$home/lib"
update-alternatives --root "$tree" --log /log --quiet --install /usr/bin/java java "/$jvm/bin/java" 1
rm "$tree/log"
cp "$here/options" "$tree/$home/options"

mkdir "$root"
cp -al "$base/." "$tree/." "$root"
cp -R "$here" "$root/build"
mkdir -p "$root/proc" "$root/dev" "$root/tmp"
mount -t proc proc "$root/proc"
touch "$root/dev/urandom" "$root/dev/null"
mount --bind /dev/urandom "$root/dev/urandom"
mount --bind /dev/null "$root/dev/null"

makeJar worker /usr/share/java/gson.jar
makeJar install /usr/share/java/ivy.jar
java TrustStore.java /etc/ssl/certs/java/cacerts $(cd "$root" && ls usr/share/ca-certificates/mozilla/*.crt | sed 's,^,/,')
find "$root/$home" "$root/usr/share/java" -name '*.jar' -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +

# Without compiling on the way, and in one order, so that the same classes are found and archived in each build.
java -Xint "$options" -Xshare:off -XX:DumpLoadedClassList=/build/found io.dispatchframework.solo.Main \
  1<> "$root/build/stdout" 2<> "$root/build/stderr"
sed 's/ id: [0-9]*$//' "$root/build/found" | LC_ALL=C sort -u > "$root/build/classes.list"
java -Xint "$options" -XX:-UseSerialGC -XX:+UseG1GC -Xshare:dump -XX:SharedClassListFile=/build/classes.list

mkdir -p "$tree/etc/ssl/certs/java"
cp "$root/$home"/*.jar "$root/$home/worker.jsa" "$tree/$home"
cp "$root/etc/ssl/certs/java/cacerts" "$tree/etc/ssl/certs/java"
umount "$root/dev/null" "$root/dev/urandom" "$root/proc"
rm -rf "$root"
