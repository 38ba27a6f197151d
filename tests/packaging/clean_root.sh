#!/bin/sh
# Run a program the way a container does: in a root of its own that is read-only, as a user without rights, with a
# writable folder and /tmp alone. Usage: unshare --mount clean_root.sh ROOT FOLDER "PATHS TO SEE" PROGRAM ARGUMENT...
set -eu
root=$1 folder=$2 visible=$3
shift 3
user=10001

mount --make-rprivate /
mount -t tmpfs -o mode=0755 tmpfs "$root"
mkdir -p "$root/usr" "$root/proc" "$root/dev" "$root/tmp" "$root/var/lib/peyk"
mount --rbind /usr "$root/usr"
# Before the paths to see: one of them may lie there.
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
for name in bin sbin lib lib32 lib64; do
    [ -e "/usr/$name" ] && ln -s "usr/$name" "$root/$name"
done
for path in $visible; do
    mkdir -p "$root$path"
    mount --bind "$path" "$root$path"
    mount -o remount,bind,ro "$root$path"
done
for name in null urandom zero; do
    : > "$root/dev/$name"
    mount --bind "/dev/$name" "$root/dev/$name"
done
mount -t proc proc "$root/proc"
chown "$user:$user" "$folder"
mount --bind "$folder" "$root/var/lib/peyk"
mount -o remount,bind,ro "$root"
exec chroot --userspec="$user:$user" "$root" /usr/bin/env -i HOME=/var/lib/peyk PYTHONUTF8=1 \
    PYTHONDONTWRITEBYTECODE=1 METRICS_LISTEN="${METRICS_LISTEN:-}" \
    /bin/sh -c 'cd /var/lib/peyk && exec "$0" "$@"' "$@"
