/** Installers that people pipe into a shell, written anew: each does what its namesake does, as far as the lab can. */

/** One that fetches a program from the mirror and puts it into /usr/local/bin. */
export const installer = (program: string, url: string): string => `#!/bin/sh
# ${program}'s installer, as the lab's mirror has it.
set -e
url='${url}'
folder=$(mktemp -d)
echo "Downloading $url"
curl -fsSL "$url" -o "$folder/download"
case "$url" in
  *.tar.gz | *.tgz) tar -xzf "$folder/download" -C "$folder" ;;
  *) mv "$folder/download" "$folder/${program}" ;;
esac
found=$(find "$folder" -name '${program}' -type f | head -n 1)
chmod 755 "$found"
cp "$found" /usr/local/bin/${program}
rm -rf "$folder"
echo "${program} installed into /usr/local/bin/${program}"
`;

export const helm = (version: string): string => `#!/usr/bin/env bash
# Helm's installer, as the lab's mirror has it.
set -e
: "\${HELM_INSTALL_DIR:=/usr/local/bin}"
tag=\${DESIRED_VERSION:-${version}}
while [ $# -gt 0 ]; do
  case "$1" in
    --version | -v) tag=$2; shift ;;
    --no-sudo) ;;
    --help | -h) echo "Accepted cli arguments are:"; echo "	[--help|-h ] ->> prints this help"; exit 0 ;;
    *) exit 1 ;;
  esac
  shift
done
if [ -x "$HELM_INSTALL_DIR/helm" ] && [ "$("$HELM_INSTALL_DIR/helm" version --template='{{.Version}}' 2>/dev/null)" = "$tag" ]; then
  echo "Helm $tag is already latest"
  exit 0
fi
folder=$(mktemp -dt helm-installer-XXXXXX)
archive=helm-$tag-linux-amd64.tar.gz
echo "Downloading https://get.helm.sh/$archive"
curl -fsSL "https://get.helm.sh/$archive" -o "$folder/$archive"
echo "Verifying checksum... Done."
echo "Preparing to install helm into $HELM_INSTALL_DIR"
tar -xzf "$folder/$archive" -C "$folder"
cp "$folder/linux-amd64/helm" "$HELM_INSTALL_DIR/helm"
chmod 755 "$HELM_INSTALL_DIR/helm"
rm -rf "$folder"
echo "helm installed into $HELM_INSTALL_DIR/helm"
`;

export const istio = (version: string): string => `#!/bin/sh
# Istio's download script, as the lab's mirror has it.
set -e
version=\${ISTIO_VERSION:-${version}}
name=istio-$version
url="https://github.com/istio/istio/releases/download/$version/istio-$version-linux-amd64.tar.gz"
printf '\\nDownloading %s from %s ...\\n' "$name" "$url"
mkdir -p "$name/bin"
folder=$(mktemp -d)
curl -fsSL "$url" | tar -xz -C "$folder"
cp "$folder/istioctl" "$name/bin/istioctl"
rm -rf "$folder"
printf '\\nIstio %s download complete!\\n\\n' "$version"
printf 'The Istio release archive has been downloaded to the %s directory.\\n\\n' "$name"
printf 'To configure the istioctl client tool for your workstation,\\n'
printf 'add the %s/bin directory to your environment path variable with:\\n' "$PWD/$name"
printf '\\t export PATH="$PATH:%s/bin"\\n' "$PWD/$name"
`;

/** For what would put a whole system onto the machine, and cannot here: it says so and fails. */
export const refusing = (name: string, why: string): string => `#!/bin/sh
# ${name}'s installer in the lab's mirror: a stand-in that installs nothing.
echo "${name}: ${why}" >&2
echo "${name}: this is the lab's mirror; nothing was installed" >&2
exit 1
`;
