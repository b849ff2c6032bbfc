# Sourced by the tests of the packages: what holds, what does not, and the last line. They set work, a folder of their own.
# shellcheck shell=bash
: "${work:?}"

passed=0
failed=0
skipped=0

# Runs a command; it holds if that ends well. What it printed is shown if not.
check() { # what is true, command
    local what=$1
    shift
    if "$@" > "$work/said" 2>&1; then
        passed=$((passed + 1))
        echo "ok    $what"
    else
        failed=$((failed + 1))
        echo "FAIL  $what"
        sed 's/^/      | /' "$work/said"
    fi
}

skip() {
    skipped=$((skipped + 1))
    echo "skip  $1"
}

equal() { # wanted, what came
    [ "$1" = "$2" ] || {
        printf 'wanted: %s\ncame:   %s\n' "$1" "$2"
        return 1
    }
}

fails() {
    ! "$@"
}

# The command fails, and says why.
refused() { # why, command
    local why=$1
    shift
    if "$@" > "$work/refusal" 2>&1; then
        echo "it was not refused"
        return 1
    fi
    grep --quiet --fixed-strings -- "$why" "$work/refusal" || {
        cat "$work/refusal"
        return 1
    }
}

# With functions of this script, in which nothing that fails is passed over.
all() { # function, arguments
    (
        set -e
        "$@"
    )
}

silent() {
    local said
    said=$("$@" 2>&1) || {
        echo "$said"
        return 1
    }
    equal "" "$said"
}

# The last line, and the exit code.
sum_up() { # what was tried
    echo "$1: $passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ]
}
