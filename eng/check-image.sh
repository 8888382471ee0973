#!/usr/bin/env bash
# Publishes the server with the very command of the Dockerfile, and says what an image of it would be: the size of each part,
# packed and unpacked, and how soon it answers. Needs no engine; ends with 1 when a bound is not kept. Memory is measured by ./bench/run.sh start.
#   ./eng/check-image.sh                     with kubectl and helm as eng/tools.sh fetches them
#   VCLUSTER=/usr/local/bin/vcluster ./eng/check-image.sh     counts the real CLI, too
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# MiB, uncompressed; ms.
MAX_SIZE=350 MAX_START=2000
case "$(uname -m)" in x86_64) arch=amd64 ;; aarch64) arch=arm64 ;; *) echo "unknown machine" >&2; exit 1 ;; esac
out=$PWD/artifacts/image
rm -rf "$out"
publish=$(sed -n 's/^RUN \(dotnet publish .*\) --output \/app$/\1/p' Dockerfile)
[ -n "$publish" ] || { echo "The Dockerfile has no line that publishes to /app." >&2; exit 1; }
echo "$publish" --output "$out/app"
# The shell of the image that builds it is no bash.
TARGETARCH=$arch sh -c "$publish --output '$out/app' -v quiet --nologo -clp:ErrorsOnly"

status=0
mib() { du -sLm --apparent-size "$@" | awk '{ sum += $1 } END { print sum }'; }
bound() { if [ "$2" -le "$3" ]; then echo "$1: $2 (at most $3: holds)"; else echo "$1: $2 (at most $3: falls short)"; status=1; fi; }

runtime=$(dirname "$(readlink -f "$(command -v dotnet)")")
framework() { ls -d "$runtime/shared/$1"/10.* | tail -n 1; }
parts=(
  "$out/app" "$(framework Microsoft.NETCore.App)" "$(framework Microsoft.AspNetCore.App)" /usr/share/zoneinfo
  "$PWD/.cache/tools/kubectl/kubectl" "$PWD/.cache/tools/helm3/helm3" ${VCLUSTER:+"$VCLUSTER"}
)
for part in "${parts[@]}"; do echo "  $(mib "$part") MiB  $(basename "$part")"; done
if [ -z "${VCLUSTER:-}" ]; then echo "  vcluster is not counted: name it in VCLUSTER"; fi
echo "MiB to be pulled, without the base's few libraries: $(tar --create --absolute-names "${parts[@]}" | gzip -1 | wc -c | awk '{ printf "%d", $1 / 1048576 }')"
bound "MiB unpacked, without them" "$(mib "${parts[@]}")" "$MAX_SIZE"

# As in the image: nothing but /tmp and the data is written to, and the environment is empty.
work=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
mkdir "$work/tmp" "$work/run"
chmod -R a-w "$out/app"
cat >"$work/config.yaml" <<YAML
server: { host: 127.0.0.1, port: 18990 }
kubernetes: { kubeconfig: '$work/none' }
database: { url: 'sqlite:$work/run/vcluster-manager.db' }
YAML
began=$(date +%s%3N)
(cd "$work/run" && exec env -i DOTNET_ROOT="$runtime" PATH=/usr/bin:/bin TMPDIR="$work/tmp" CONFIG_PATH="$work/config.yaml" \
  "$out/app/vcluster-manager" >"$work/log" 2>&1) &
server=$!
until curl --silent --fail --output /dev/null http://127.0.0.1:18990/livez; do
  kill -0 "$server" 2>/dev/null || { cat "$work/log"; exit 1; }
done
bound "ms from the start to the first answer" "$(($(date +%s%3N) - began))" "$MAX_START"
chmod -R u+w "$out/app"
exit "$status"
