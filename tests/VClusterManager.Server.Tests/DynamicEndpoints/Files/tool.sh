#!/bin/sh
# A command of many faces for the tests: the first argument says which.
case "$1" in
fail)
    echo "$2" >&2
    exit 1
    ;;
say)
    printf '%s' "$2"
    ;;
colours)
    printf '\033[31mred\033[0m'
    ;;
env)
    env
    ;;
stdin)
    cat
    ;;
count)
    # A line for each run, and an answer when somebody has let it go on.
    echo run >> "$2/runs"
    until [ -e "$2/go" ]; do sleep 0.02; done
    wc -l < "$2/runs"
    ;;
lines)
    echo first
    until [ -e "$2/go" ]; do sleep 0.02; done
    echo second
    printf last
    ;;
endless)
    while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done
    ;;
flood)
    yes xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
    ;;
hang)
    sleep 1000 &
    echo "$!" > "$2/pids"
    echo "$$" >> "$2/pids"
    wait
    ;;
stubborn)
    trap '' TERM
    sh -c 'trap "" TERM; while :; do sleep 1; done' &
    echo "$!" > "$2/pids"
    echo "$$" >> "$2/pids"
    while :; do sleep 1; done
    ;;
esac
