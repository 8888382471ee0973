# syntax=docker/dockerfile:1
#
# The server with the tools that it runs. Every download is of a pinned version and checked against its SHA-256.
#
#   docker build -t vcluster-manager:0.1.0 $(./eng/tool-checksums.sh) \
#     --build-arg VERSION=0.1.0 --build-arg REVISION=$(git rev-parse HEAD) .
#
# docs/install.md says more. ./eng/check-image.sh publishes by the same command and checks what comes of it.
ARG DOTNET_VERSION=10.0

FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:${DOTNET_VERSION}-noble AS sdk

# vcluster needs helm 3.10 or later; 3 is what most hosts' other tools use. The checksums of helm and kubectl are those
# that get.helm.sh and dl.k8s.io publish beside the files; that of vcluster is in the checksums.txt of its release.
FROM sdk AS tools
ARG TARGETARCH
ARG VCLUSTER_VERSION=0.34.7
ARG VCLUSTER_SHA256_AMD64
ARG VCLUSTER_SHA256_ARM64
ARG HELM_VERSION=3.17.3
ARG HELM_SHA256_AMD64=ee88b3c851ae6466a3de507f7be73fe94d54cbf2987cbaa3d1a3832ea331f2cd
ARG HELM_SHA256_ARM64=7944e3defd386c76fd92d9e6fec5c2d65a323f6fadc19bfb5e704e3eee10348e
ARG KUBECTL_VERSION=1.35.3
ARG KUBECTL_SHA256_AMD64=fd31c7d7129260e608f6faf92d5984c3267ad0b5ead3bced2fe125686e286ad6
ARG KUBECTL_SHA256_ARM64=6f0cd088a82dde5d5807122056069e2fac4ed447cc518efc055547ae46525f14
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
WORKDIR /tools
RUN case "$TARGETARCH" in \
      amd64) vcluster="$VCLUSTER_SHA256_AMD64" helm="$HELM_SHA256_AMD64" kubectl="$KUBECTL_SHA256_AMD64" ;; \
      arm64) vcluster="$VCLUSTER_SHA256_ARM64" helm="$HELM_SHA256_ARM64" kubectl="$KUBECTL_SHA256_ARM64" ;; \
      *) echo "There are no tools for $TARGETARCH: build for amd64 or arm64." >&2; exit 1 ;; \
    esac; \
    fetch() { \
      [ -n "$2" ] || { echo "The checksum of $1 is missing: give the build \$(./eng/tool-checksums.sh)." >&2; exit 1; }; \
      curl --fail --silent --show-error --location --proto '=https' --retry 3 --output "$3" "$1"; \
      echo "$2  $3" | sha256sum --check --strict -; \
    }; \
    fetch "https://github.com/loft-sh/vcluster/releases/download/v$VCLUSTER_VERSION/vcluster-linux-$TARGETARCH" "$vcluster" vcluster; \
    fetch "https://get.helm.sh/helm-v$HELM_VERSION-linux-$TARGETARCH.tar.gz" "$helm" helm.tar.gz; \
    fetch "https://dl.k8s.io/release/v$KUBECTL_VERSION/bin/linux/$TARGETARCH/kubectl" "$kubectl" kubectl; \
    tar --extract --gzip --file helm.tar.gz --strip-components=1 "linux-$TARGETARCH/helm"; \
    rm helm.tar.gz; \
    chmod 0755 vcluster helm kubectl; \
    # Sleep schedules have time zones.
    test -e /usr/share/zoneinfo/Europe/Berlin

FROM sdk AS build
ARG TARGETARCH
WORKDIR /src
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY src/VClusterManager.Contracts/VClusterManager.Contracts.csproj src/VClusterManager.Contracts/
COPY src/VClusterManager.Server/VClusterManager.Server.csproj src/VClusterManager.Server/
RUN dotnet restore src/VClusterManager.Server --arch $TARGETARCH
COPY config config
COPY src/VClusterManager.Contracts src/VClusterManager.Contracts
COPY src/VClusterManager.Server src/VClusterManager.Server
RUN dotnet publish src/VClusterManager.Server --configuration Release --arch $TARGETARCH --self-contained false --output /app
# Where SQLite's file lies when there is no DATABASE_URL; the image itself is never written to.
RUN mkdir /app/data

# No shell and no package manager.
FROM mcr.microsoft.com/dotnet/aspnet:${DOTNET_VERSION}-noble-chiseled
ARG VERSION=0.0.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="vCluster Manager" \
      org.opencontainers.image.description="Hands out virtual Kubernetes clusters over a REST API, keeps them, and takes them away again" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=tools /usr/share/zoneinfo /usr/share/zoneinfo
COPY --from=tools /tools /usr/local/bin
COPY --from=build /app /app
COPY --from=build --chown=1654:1654 /app/data /app/data
WORKDIR /app
# "app" of the base image, by number: runAsNonRoot cannot look at names.
USER 1654
EXPOSE 8000 8443
# As process 1 it takes everything that it has started along when it ends.
ENTRYPOINT ["/app/vcluster-manager"]
