#!/usr/bin/env bash
# Installs Thin Deployer from its archive, and takes it away again.
set -euo pipefail
umask 022

usage() {
    cat << 'EOF'
usage: install.sh [--prefix FOLDER] [--files-only] [--checksum FILE|SUM] [ARCHIVE|URL]
       install.sh [--prefix FOLDER] --uninstall

Installs the files of an archive below the prefix, by default /usr/local. The archive is a file, or an https:// address; without
one, the folder that this script stands in is what is installed.

An archive is checked before it is opened: by --checksum (a SHA-256 sum, or a file that has it), or else by the file or address
of the archive with ".sha256" behind it. Without a sum nothing is installed.

As root it also makes the user thin-deployer, /etc/thin-deployer, /var/lib/thin-deployer and a unit of systemd. As another user, and
with --files-only, it does not. Running it again installs anew, and keeps what is configured.

--uninstall takes away the files and the unit, and keeps configuration, data and user.
EOF
}

say() {
    printf '%s\n' "$*"
}

fail() {
    printf 'install.sh: %s\n' "$*" >&2
    exit "${status:-1}"
}

prefix=/usr/local
checksum=""
source=""
uninstall=false
files_only=false
while [ $# -gt 0 ]; do
    case $1 in
        --prefix | --checksum)
            [ $# -ge 2 ] || status=2 fail "$1 wants a value"
            if [ "$1" = --prefix ]; then prefix=$2; else checksum=$2; fi
            shift
            ;;
        --uninstall) uninstall=true ;;
        --files-only) files_only=true ;;
        -h | --help)
            usage
            exit 0
            ;;
        -*) status=2 fail "there is no $1; --help shows what there is" ;;
        *)
            [ -z "$source" ] || status=2 fail "one archive, not two"
            source=$1
            ;;
    esac
    shift
done
case $prefix in
    /) prefix="" ;;
    /*) prefix=${prefix%/} ;;
    *) status=2 fail "--prefix wants a full path" ;;
esac

unit=/etc/systemd/system/thin-deployer.service
# What an installation put below the prefix, one path a line, for the next one and for --uninstall.
manifest="$prefix/share/thin-deployer/installed-files"

[ "$(id -u)" = 0 ] || files_only=true

# The unit is this prefix's; there may be another installation.
has_unit() {
    ! $files_only && [ -f "$unit" ] && grep --quiet --fixed-strings --line-regexp "ExecStart=$prefix/bin/thin-deployer" "$unit"
}

has_systemd() {
    [ -d /run/systemd/system ]
}

remove_files() { # paths below the prefix, on standard input
    local path
    while IFS= read -r path; do
        case $path in
            /* | ../* | */../* | "") continue ;;
        esac
        rm -f "$prefix/$path"
    done
    # Its own folders only: an empty /usr/local/bin stays.
    find "$prefix/share/thin-deployer" "$prefix/share/doc/thin-deployer" -depth -type d -empty -delete 2> /dev/null || true
}

if $uninstall; then
    [ -z "$source" ] || status=2 fail "--uninstall takes no archive"
    [ -f "$manifest" ] || fail "nothing is installed below ${prefix:-/}: there is no $manifest"
    if has_unit; then
        if has_systemd; then
            say "stopping the unit"
            systemctl disable --now thin-deployer.service
        else
            rm -f /etc/systemd/system/multi-user.target.wants/thin-deployer.service
        fi
        say "removing $unit"
        rm -f "$unit"
        ! has_systemd || systemctl daemon-reload
    fi
    say "removing $(wc -l < "$manifest") files below ${prefix:-/}"
    files=$(cat "$manifest")
    rm -f "$manifest"
    remove_files <<< "$files"
    if ! $files_only; then
        say "kept: /etc/thin-deployer, /var/lib/thin-deployer and the user thin-deployer. To delete them, too:"
        say "  rm -r /etc/thin-deployer /var/lib/thin-deployer && userdel thin-deployer"
    fi
    exit 0
fi

work=$(mktemp --directory)
trap 'rm -rf "$work"' EXIT

fetch() { # address output
    if command -v curl > /dev/null; then
        curl --fail --silent --show-error --location --proto '=https,file' --output "$2" "$1"
    elif command -v wget > /dev/null; then
        wget --quiet --https-only --output-document "$2" "$1"
    else
        fail "neither curl nor wget is there to fetch $1"
    fi
}

# Prints the sum that the archive must have.
wanted_sum() { # archive
    local text=$checksum
    if [ -z "$text" ]; then
        [ -f "$1.sha256" ] || fail "there is no sum of $1: give --checksum, or put its .sha256 beside it"
        text=$(cat "$1.sha256")
    elif [ -f "$text" ]; then
        # One file with the sums of several archives, or of this one only.
        text=$(grep --fixed-strings --word-regexp "$(basename "$1")" "$text" || cat "$text")
    fi
    text=${text%%[[:space:]]*}
    [[ $text =~ ^[0-9a-fA-F]{64}$ ]] || fail "the checksum is no SHA-256 sum"
    printf '%s\n' "${text,,}"
}

open_archive() { # archive
    local wanted actual
    wanted=$(wanted_sum "$1")
    actual=$(sha256sum < "$1")
    actual=${actual%% *}
    [ "$actual" = "$wanted" ] || fail "$1 has the sum $actual, and not $wanted: it is not what was released, and nothing was installed"
    say "the sum is right: $actual"
    mkdir "$work/archive"
    tar --extract --gzip --no-same-owner --file "$1" --directory "$work/archive" --strip-components 1
}

case $source in
    https://* | file://*)
        name=$(basename "${source%%[?#]*}")
        say "fetching $source"
        fetch "$source" "$work/$name"
        [ -n "$checksum" ] || fetch "$source.sha256" "$work/$name.sha256"
        open_archive "$work/$name"
        archive=$work/archive
        ;;
    *://*) status=2 fail "an address begins with https://" ;;
    "")
        archive=$(dirname "$(realpath "$0")")
        [ -x "$archive/bin/thin-deployer" ] || status=2 fail "name an archive, or run the install.sh of an opened one; --help shows how"
        [ -z "$checksum" ] || status=2 fail "--checksum is for an archive, and none was named"
        ;;
    *)
        [ -f "$source" ] || fail "there is no $source"
        open_archive "$source"
        archive=$work/archive
        ;;
esac

version=$("$archive/bin/thin-deployer" --version) || fail "the program of this archive does not run on this machine"
if ! $files_only && { [ -e /usr/lib/systemd/system/thin-deployer.service ] || [ -e /lib/systemd/system/thin-deployer.service ]; }; then
    fail "the package thin-deployer is installed: remove it first, or upgrade it in place of this"
fi

# It becomes a part of the unit.
if ! $files_only && [[ ! $prefix =~ ^[A-Za-z0-9/._+-]*$ ]]; then
    status=2 fail "with a unit, a prefix has letters, digits and / . _ + - only"
fi

say "installing Thin Deployer $version below ${prefix:-/}"
new=$(cd "$archive" && find bin share -type f | sort)
old=$(cat "$manifest" 2> /dev/null || true)
while IFS= read -r path; do
    # By another name first: a running program can't be written over, and nobody sees half a file.
    install -D --mode="$(stat --format %a "$archive/$path")" "$archive/$path" "$prefix/$path.new"
    mv -f "$prefix/$path.new" "$prefix/$path"
done <<< "$new"
# What the version before had, and this one has not.
comm -23 <(sort <<< "$old") <(printf '%s\n' "$new") | remove_files
mkdir -p "$(dirname "$manifest")"
printf '%s\n' "$new" > "$manifest"

if $files_only; then
    say "done: the files only. Without user, unit and /etc/thin-deployer, start $prefix/bin/thin-deployer yourself"
    exit 0
fi

if ! getent passwd thin-deployer > /dev/null; then
    say "making the user thin-deployer, without a shell or a password"
    useradd --system --user-group --home-dir /var/lib/thin-deployer --no-create-home --shell /usr/sbin/nologin \
        --comment "Thin Deployer" thin-deployer
fi
if [ ! -e /etc/thin-deployer ]; then
    say "making /etc/thin-deployer, for root and the user's group only"
    install --directory --mode=750 --owner=root --group=thin-deployer /etc/thin-deployer
fi
if [ ! -e /etc/thin-deployer/environment ]; then
    install --mode=600 "$archive/environment" /etc/thin-deployer/environment
fi
if [ ! -e /var/lib/thin-deployer ]; then
    say "making /var/lib/thin-deployer, for the user only"
    install --directory --mode=700 --owner=thin-deployer --group=thin-deployer /var/lib/thin-deployer
fi

if [ -d /etc/systemd/system ]; then
    say "writing $unit"
    first=true
    [ ! -e "$unit" ] || first=false
    sed -e "s|^ExecStart=/usr/bin/|ExecStart=$prefix/bin/|" -e "s|/usr/share/|$prefix/share/|" \
        "$archive/thin-deployer.service" > "$work/unit"
    rm -f "$unit"
    install --mode=644 "$work/unit" "$unit"
    if has_systemd; then
        systemctl daemon-reload
        if $first; then
            say "enabling it, so that it starts at boot once there is a configuration"
            systemctl enable --quiet thin-deployer.service
        else
            say "restarting it, if it runs: its deployments get their grace"
            systemctl --no-block try-restart thin-deployer.service
        fi
    elif $first; then
        install --directory /etc/systemd/system/multi-user.target.wants
        ln -sf "$unit" /etc/systemd/system/multi-user.target.wants/thin-deployer.service
    fi
fi

say "done."
if ! compgen -G '/etc/thin-deployer/*.y*ml' > /dev/null; then
    say "next: a configuration, and then systemctl start thin-deployer"
    say "  install -m 640 -g thin-deployer $prefix/share/doc/thin-deployer/examples/deployer.yml /etc/thin-deployer/"
fi
