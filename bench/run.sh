#!/usr/bin/env bash
# Measures what is promised about speed and memory, and writes it into bench/RESULTS.md.
#   ./bench/run.sh               everything, about 20 minutes
#   ./bench/run.sh reads         one figure: reads, auth, accept, create, start, events, proxy, dynamic, expiry or webhooks
#   ./bench/run.sh --short       small rounds, which show that everything is measured and prove nothing
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

./eng/tools.sh wrk
published=$PWD/artifacts/bench
publish() {
  dotnet publish "$1" -c Release -r linux-x64 --self-contained false -o "$published/$2" --nologo -v quiet -clp:ErrorsOnly
}
# As an image has them.
publish src/VClusterManager.Server server
publish bench/BareKestrel bare
dotnet build bench/VClusterManager.Bench -c Release --nologo -v quiet -clp:ErrorsOnly

exec artifacts/bin/VClusterManager.Bench/release/VClusterManager.Bench \
  --server "$published/server/vcluster-manager" --bare "$published/bare/BareKestrel" \
  --results bench/RESULTS.md --commit "$(git describe --always --dirty --exclude '*')" "$@"
