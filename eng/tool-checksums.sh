#!/usr/bin/env bash
# Prints the build arguments with the checksums of the tools in the image, as their makers publish them, for the versions in
# the Dockerfile (or others: HELM_VERSION=3.18.0 ./eng/tool-checksums.sh). Look at them once, and keep them: what is
# pinned is what was looked at.
set -euo pipefail
cd "$(dirname "$0")/.."

version() { local given=${!1:-}; echo "${given:-$(sed -n "s/^ARG $1=//p" Dockerfile)}"; }
get() { curl --fail --silent --show-error --location --proto '=https' "$1"; }

vcluster=$(version VCLUSTER_VERSION) helm=$(version HELM_VERSION) kubectl=$(version KUBECTL_VERSION)
of_vcluster=$(get "https://github.com/loft-sh/vcluster/releases/download/v$vcluster/checksums.txt")
arguments="--build-arg VCLUSTER_VERSION=$vcluster --build-arg HELM_VERSION=$helm --build-arg KUBECTL_VERSION=$kubectl"
for arch in amd64 arm64; do
  declare -A sums=(
    [VCLUSTER]=$(awk -v file="vcluster-linux-$arch" '$2 == file { print $1 }' <<<"$of_vcluster")
    [HELM]=$(get "https://get.helm.sh/helm-v$helm-linux-$arch.tar.gz.sha256sum" | cut -d' ' -f1)
    [KUBECTL]=$(get "https://dl.k8s.io/release/v$kubectl/bin/linux/$arch/kubectl.sha256")
  )
  for tool in VCLUSTER HELM KUBECTL; do
    [[ ${sums[$tool]} =~ ^[0-9a-f]{64}$ ]] || { echo "There is no checksum of $tool for $arch." >&2; exit 1; }
    arguments+=" --build-arg ${tool}_SHA256_${arch^^}=${sums[$tool]}"
  done
done
echo "$arguments"
