#!/usr/bin/env bash
# Builds everything and runs every test. Ends with one line: N passed, N failed.
#   ./eng/test.sh            everything
#   ./eng/test.sh Server     one test project
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# Hundreds of processes live for seconds here: what would pay off later, and what slows the compiler down, is left out.
export DOTNET_TieredPGO=0 DOTNET_EnableWriteXorExecute=0

only=${1:-}
./eng/tools.sh
dotnet tool restore >/dev/null
echo "Checking the format"
dotnet csharpier check src sandbox tests bench
echo "Building"
dotnet build VClusterManager.slnx --nologo -v quiet -clp:ErrorsOnly

passed=0 failed=0 status=0
logs=artifacts/test-results
mkdir -p "$logs"
failures=$(mktemp)
trap 'rm -f "$failures"' EXIT
# What the servers under test log is kept in the file, and is not what one looks for on the screen.
logged='^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z '
for project in tests/VClusterManager.*"$only"*.Tests; do
  name=$(basename "$project")
  echo "Testing $name"
  # Bounded: a test that hangs ends the run instead of blocking it. Plain text, whatever a build
  # server's variables ask for: the counts are read from it.
  log=$logs/$name.log
  # One or two tests that fail are tried once more, and named as flaky at the end when they pass then.
  "artifacts/bin/$name/debug/$name" --progress off --no-ansi --auto-reporters off --timeout 20m --show-slowest-tests 15 \
    --retry-failed-tests 1 --retry-failed-tests-max-tests 2 2>&1 |
    tee "$log" | grep --line-buffered -vE "$logged" || status=1
  p=$(sed -n 's/^ *succeeded: //p' "$log" | tail -n 1)
  f=$(sed -n 's/^ *failed: //p' "$log" | tail -n 1)
  # Each failure with its reason, as far as its first lines tell it.
  grep -vE "$logged" "$log" | awk '/^failed |^Flaky tests:/ { left = 25 } left > 0 { print; left-- }' >>"$failures" || true
  # A run that ends without a summary has failed, whatever it printed.
  if [ -z "$p" ] || [ -z "$f" ]; then p=0 f=1 status=1; fi
  passed=$((passed + p)) failed=$((failed + f))
done

if [ "$passed" -eq 0 ]; then status=1; fi
if [ "$failed" -gt 0 ]; then status=1; fi
# Once more at the end, where one looks first.
cat "$failures"
echo "$passed passed, $failed failed"
exit "$status"
