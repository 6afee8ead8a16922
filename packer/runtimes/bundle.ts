/** Keeps the runtimes' bundles in dist/ as new as their sources. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Shell } from '../shell.ts'

const bundle = 'dist/runtimes/nodejs/main.mjs'
const sources = 'server/runtimes/nodejs'
const settings = ['tsup.config.ts', 'package-lock.json']

export async function refreshBundles(repository: string, shell: Shell): Promise<void> {
  const built = await stat(join(repository, bundle)).catch(() => undefined)
  const names = (await readdir(join(repository, sources), { recursive: true })).filter(name => name.endsWith('.ts'))
  const paths = [...settings, ...names.map(name => join(sources, name))]
  const times = await Promise.all(paths.map(async path => (await stat(join(repository, path))).mtimeMs))
  if (built && built.mtimeMs >= Math.max(...times)) return
  await shell.run(['node', join(repository, 'node_modules/tsup/dist/cli-default.js')], { cwd: repository })
}
