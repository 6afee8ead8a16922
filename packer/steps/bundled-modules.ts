/** Which npm modules a bundle holds, by the files that it was made of; tsup writes it beside each bundle. */

/** Files of the bundles' folder, one for each set of options of tsup. */
export const moduleLists = ['modules-cli.json', 'modules-server.json']

/** Folders of modules, such as `node_modules/a/node_modules/@b/c`, in order and once. @param inputs esbuild's paths of sources */
export function findModules(inputs: readonly string[]): string[] {
  const folders = inputs.flatMap(input => /^(.*\/)?(node_modules\/(@[^/]+\/)?[^/]+)(?=\/)/.exec(input)?.[0] ?? [])
  return [...new Set(folders)].sort()
}
