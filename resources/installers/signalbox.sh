#!/bin/sh
# Opens the window; with a command, or a question for help or the version, it is the command line, on the Node that is
# in the application. It lies in resources/bin of the installed application; /usr/bin/signalbox leads to it.
resources=$(dirname "$(dirname "$(readlink -f "$0")")")
application=$(dirname "$resources")/signalbox
case "${1-}" in
  '' | signalbox://*) ;;
  -h | --help | -V | --version | [!-]*)
    ELECTRON_RUN_AS_NODE=1 exec "$application" "$resources/app.asar/out/main/cli.js" "$@"
    ;;
esac
exec "$application" "$@"
