#!/bin/sh
# Puts the demo's two files into the directory given: flights-3m.parquet and earthquakes.json of the
# npm package vega-datasets, by version and checksum. A copy is kept in the user's cache, so that
# `mvn clean` costs no second download.
set -eu

version=3.2.1
flights=dbeb920c90f59b6ccaff823dcc3d08f25a97fa1ce128d93f40be4e931f5900b0
earthquakes=a42702a83ffbae679f95d1fa53e2cae0bae13b21e599a68cdd50a44fc52129f7

target=$1
cache=${XDG_CACHE_HOME:-$HOME/.cache}/millrace/datasets/vega-datasets-$version

sha256() {
  if command -v sha256sum >/dev/null 2>&1; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}

right() { # directory
  [ -f "$1/flights-3m.parquet" ] && [ -f "$1/earthquakes.json" ] &&
    [ "$(sha256 "$1/flights-3m.parquet")" = "$flights" ] &&
    [ "$(sha256 "$1/earthquakes.json")" = "$earthquakes" ]
}

# Moved into place one by one when whole: a build that is killed leaves no half file behind.
put() { # from, to
  mkdir -p "$2"
  for file in flights-3m.parquet earthquakes.json; do
    cp "$1/$file" "$2/.$file.$$"
    mv "$2/.$file.$$" "$2/$file"
  done
}

right "$target" && exit 0
if ! right "$cache"; then
  command -v npm >/dev/null 2>&1 || {
    echo "npm was not found: install Node 20 or newer (https://nodejs.org) and build again" >&2
    exit 1
  }
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT INT TERM
  echo "fetching the demo's data: npm package vega-datasets $version (17 MB)"
  (cd "$work" && npm pack --silent "vega-datasets@$version" >/dev/null) || {
    echo "npm could not fetch vega-datasets $version: see npm's own message above" >&2
    exit 1
  }
  tar -xzf "$work/vega-datasets-$version.tgz" -C "$work" \
    package/data/flights-3m.parquet package/data/earthquakes.json
  right "$work/package/data" || {
    echo "vega-datasets $version is not what it was: its checksums differ from src/main/datasets/fetch.sh" >&2
    exit 1
  }
  put "$work/package/data" "$cache"
fi
put "$cache" "$target"
