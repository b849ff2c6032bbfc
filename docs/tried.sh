# Sourced by the tests of pages: their blocks, run by a shell as a reader has one.
# shellcheck shell=bash disable=SC2034 # variables that are for who sources it
#
# Blocks of sh run in the order of the page. No command of them may fail, unless the block shows $?. A block below a line that is
# only a file's name becomes that file. Each line of a text block must be printed by the sh block before it, in this order; others
# may stand between. There "…" is anything, with the figures before it, and so is a time in seconds; /home/me is the HOME.
: "${work:?}" "${passed:?}"

# Each block becomes a file NNN: its kind, its heading and its file in the first line, its text below.
cut_blocks() { # page, folder
    mkdir "$2"
    awk -v blocks="$2" '
        !inside && /^## / { heading = substr($0, 4) }
        !inside && /^`[^`]+`:$/ { name = $0; gsub(/[`:]/, "", name); next }
        /^```/ && !inside { inside = 1; path = sprintf("%s/%03d", blocks, ++count); print substr($0, 4) "\t" heading "\t" name > path; name = ""; next }
        /^```/ { inside = 0; close(path); next }
        inside { print > path; next }
        NF { name = "" }
    ' "$1"
}

# Each line of the first file, as a pattern, is a line of the second, in this order.
printed() { # what the page shows, what was printed
    local -a wanted came
    mapfile -t wanted < <(sed -E -e 's/[][*?\\]/\\&/g' -e 's/[0-9a-f.-]*…/*/g' -e 's/[0-9]+\.[0-9]+ s\b/* s/g' \
        -e "s|/home/me|$HOME|g" -e 's/ +/ /g' "$1")
    mapfile -t came < <(sed -E -e 's/ +/ /g' -e 's/ $//' "$2")
    local line=0 text
    for text in "${wanted[@]}"; do
        # The right side is a pattern.
        # shellcheck disable=SC2053
        until [ "$line" -ge "${#came[@]}" ] || [[ ${came[$line]} == $text ]]; do
            line=$((line + 1))
        done
        if [ "$line" -ge "${#came[@]}" ]; then
            echo "not printed, or not here: $text"
            cat "$2"
            return 1
        fi
        line=$((line + 1))
    done
}

# 8012 is not tried: a server of this machine may be there.
free_port() {
    port=$((20000 + RANDOM % 10000))
    while (: > "/dev/tcp/127.0.0.1/$port") 2> /dev/null; do
        port=$((port + 1))
    done
}

# The page's lines have a shell of their own, as the reader has one: nothing that it sets counts here.
open_reader() {
    : > "$work/failures"
    coproc reader { cd "$HOME" && exec bash --norc 2> "$work/reader"; }
    # Its end is told to nobody, so that the sum stays the last line.
    disown "$!"
    answers=${reader[0]}
    lines=${reader[1]}
}

# Runs a block in that shell. What its commands print is in printed, those that failed are in failures. What the block leaves in
# the variable server is here, too.
lost=""
run() { # file
    : > "$work/failures"
    local mark=""
    {
        echo "set -E; trap 'echo \"failed: \$BASH_COMMAND\" >> $work/failures' ERR"
        grep --quiet --fixed-strings '$?' "$1" && echo "trap - ERR"
        echo ". $1 > $work/printed 2>&1 < /dev/null"
        # shellcheck disable=SC2016 # for that shell
        echo 'echo "ended ${server:-}"'
    } >&"$lines"
    if ! read -r -t 30 -u "$answers" mark server || [ "$mark" != ended ]; then
        echo "the shell has ended, or hangs" >> "$work/failures"
        lost=yes
    fi
    [ -s "$work/failures" ] || return 0
    cat "$work/failures" "$work/printed"
    return 1
}

# Ends all that was started, whatever it is: its folder is in the temporary one.
end_all() {
    local process
    for process in /proc/[0-9]*; do
        case $(readlink "$process/cwd" 2> /dev/null) in
            "$work"/*) kill -KILL "${process#/proc/}" 2> /dev/null || true ;;
        esac
    done
}
