/** `npm run ova:size`: which folder, package and file costs how much of the newest .ova, compressed. */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parseScriptArguments } from './script.ts'
import { measureTree } from './size/measure.ts'
import { renderSize } from './size/report.ts'
import { type BuildManifest, findSealedTar } from './size/sealed-tar.ts'
import { repository } from './source.ts'

const help = `Usage: npm run ova:size

Prints which folder, package and file costs how much of the newest .ova in build/ova, compressed. Takes no arguments.`

const barBytes = 250e6

async function main(): Promise<void> {
  const text = await readFile(join(repository, 'build/ova/manifest.json'), 'utf8').catch(() => {
    throw new Error('there is no build/ova/manifest.json; bake an .ova first by `npm run ova`')
  })
  const manifest: BuildManifest = JSON.parse(text)
  const tar = await findSealedTar(manifest, join(repository, 'build/cache'))
  const { size } = await stat(tar)
  let [doneBytes, shownPercent] = [0, 0]
  const onFile = (bytes: number) => {
    doneBytes += bytes
    const percent = Math.floor((100 * doneBytes) / size / 10) * 10
    if (percent > shownPercent && process.stderr.isTTY) process.stderr.write(`\rdeflating files: ${percent} %`)
    shownPercent = percent
  }
  const measured = await measureTree(tar, onFile)
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
  console.log(`build/ova/${manifest.ova.file}`)
  console.log(renderSize({ ...measured, ovaBytes: manifest.ova.bytes, barBytes }))
}

parseScriptArguments(process.argv.slice(2), { help, options: {}, maxPositionals: 0 })
await main().catch(error => {
  console.error(`ova:size: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
})
