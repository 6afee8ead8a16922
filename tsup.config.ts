import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { defineConfig, type Options } from 'tsup'
import { readTemplates } from './cli/templates.ts'
import manifest from './package.json' with { type: 'json' }
import { findModules } from './packer/steps/bundled-modules.ts'
import { listRuntimePrograms } from './packer/steps/runtime-programs.ts'

/** Commit and its date, so that one commit always gives the same bytes; a copy without history says so. */
const git = (...args: string[]): string => {
  try {
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return ''
  }
}

/** The bake bundles into a folder of its own, so that a `dist/` in use stays as it is. */
const outDir = process.env.DISPATCH_OUT_DIR ?? 'dist'

const unreached = ['ssh2', '@grpc/grpc-js', '@grpc/proto-loader', 'protobufjs']

/** Every dependency goes into the bundle: `dist/` works from any directory and in the appliance, without node_modules. */
const shared = {
  outDir,
  platform: 'node',
  bundle: true,
  splitting: false,
  sourcemap: false,
  minify: false,
  silent: true,
  noExternal: [/.*/] as RegExp[],
  define: {
    DISPATCH_TEMPLATES: JSON.stringify(readTemplates('server/runtimes')),
    DISPATCH_VERSION: JSON.stringify(manifest.version),
    DISPATCH_COMMIT: JSON.stringify(git('rev-parse', 'HEAD') || 'unknown'),
    DISPATCH_BUILD_DATE: JSON.stringify(git('log', '-1', '--format=%cI') || '1970-01-01T00:00:00Z'),
  },
} satisfies Options

/** The launcher keeps compiled code by the content of what it was compiled from. */
async function installCommand(): Promise<void> {
  const bundle = await readFile(`${outDir}/dispatch-cli.cjs`)
  const launcher = await readFile('cli/launcher.cjs', 'utf8')
  const bundleHash = createHash('sha256').update(bundle).digest('hex').slice(0, 16)
  await writeFile(`${outDir}/dispatch`, launcher.replace('BUNDLE_HASH', bundleHash))
  await chmod(`${outDir}/dispatch`, 0o755)
}

async function installProgram(source: string, name: string): Promise<void> {
  await copyFile(source, `${outDir}/${name}`)
  await chmod(`${outDir}/${name}`, 0o755)
}

type Plugin = NonNullable<Options['esbuildPlugins']>[number]

/** Leaves the modules of a bundle in `modules-NAME.json`: their licences and the bill of materials come from there. */
const listModules = (name: string): Plugin => ({
  name: 'list-modules',
  setup: build =>
    build.onEnd(async ({ metafile }) => {
      const modules = findModules(Object.keys(metafile?.inputs ?? {}))
      await mkdir(outDir, { recursive: true })
      await writeFile(join(outDir, `modules-${name}.json`), `${JSON.stringify(modules, undefined, 2)}\n`)
    }),
})

export default defineConfig([
  {
    ...shared,
    entry: { 'dispatch-cli': 'cli/main.ts' },
    esbuildPlugins: [listModules('cli')],
    minify: true,
    format: 'cjs',
    target: 'node20',
    esbuildOptions: options => {
      // What is compiled from a cache has no `import()`; `require` of Node's own modules is faster besides.
      options.supported = { ...options.supported, 'dynamic-import': false }
    },
    onSuccess: async () => {
      await writeFile(`${outDir}/package.json`, '{"type":"commonjs"}\n')
      await installCommand()
    },
  },
  {
    ...shared,
    entry: {
      'dispatch-server': 'server/main.ts',
      'sqlite-worker': 'server/store/sqlite-worker.ts',
      ...Object.fromEntries(listRuntimePrograms('.').map(program => [program, `server/${program}.ts`])),
      'dispatch-appliance': 'provisioning/appliance/main.ts',
      'dispatch-firstboot': 'provisioning/firstboot/main.ts',
      'dispatch-setup': 'provisioning/setup/main.ts',
      'drivers/http': 'server/drivers/http/main.ts',
      'drivers/vcenter': 'server/drivers/vcenter/main.ts',
    },
    esbuildPlugins: [listModules('server')],
    // As ES modules they would start by a fifth later: Node then runs every getter of every built-in module they import.
    format: 'cjs',
    target: 'node24',
    outExtension: () => ({ js: '.cjs' }),
    removeNodeProtocol: false,
    define: { ...shared.define, 'import.meta.url': 'bundleUrl', 'import.meta.filename': '__filename' },
    banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
    esbuildOptions: options => {
      // Less to read at every start; names stay, so that stack traces in the log can be followed.
      options.minifyWhitespace = true
      options.minifySyntax = true
      options.alias = Object.fromEntries(unreached.map(name => [name, './server/docker/unreached.cjs']))
    },
    onSuccess: () => installProgram('server/launcher.sh', 'dispatch-server'),
  },
])
