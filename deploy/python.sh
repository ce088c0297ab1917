#!/bin/sh
# Print the newest Python from 3.11 to 3.14 that can make virtual environments; $PYTHON names another.
# Where there is none, one line on stderr names the command that installs it.
set -u

good='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))'
found=
for name in ${PYTHON:-python3.14 python3.13 python3.12 python3.11 python3}; do
    path=$(command -v "$name" 2>/dev/null) || continue
    "$path" -c "$good" >/dev/null 2>&1 || continue
    if "$path" -c 'import ensurepip, venv' >/dev/null 2>&1; then
        echo "$path"
        exit 0
    fi
    found=${found:-$path}
done

if [ -n "$found" ]; then
    version=$("$found" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    echo "$found lacks the venv module: sudo apt-get install python$version-venv" >&2
elif [ "$(uname -s)" = Darwin ]; then
    echo "MindLAB needs Python 3.11 to 3.14: brew install python@3.13" >&2
elif command -v dnf >/dev/null 2>&1; then
    echo "MindLAB needs Python 3.11 to 3.14: sudo dnf install python3.13" >&2
else
    echo "MindLAB needs Python 3.11 to 3.14: sudo apt-get install python3 python3-venv" >&2
fi
exit 1
