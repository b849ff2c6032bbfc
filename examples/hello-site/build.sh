#!/bin/sh
# Builds the pages in pages/*.txt into build/*.html, each with a greeting and the deployment that built it.
# usage: build.sh GREETING
set -eu

greeting=$1
rm -rf build
mkdir build

escape() {
    sed -e 's/&/\&amp;/g' -e 's/</\&lt;/g' -e 's/>/\&gt;/g'
}

for page in pages/*.txt; do
    name=$(basename "$page" .txt)
    {
        printf '<!doctype html>\n<meta charset="utf-8">\n<title>%s</title>\n' "$name"
        printf '<h1>%s</h1>\n<p>' "$(printf '%s' "$greeting" | escape)"
        escape < "$page"
        printf '</p>\n<footer>deployment %s</footer>\n' "${DEPLOYMENT_ID:-by hand}"
    } > "build/$name.html"
    echo "built $name.html"
done
