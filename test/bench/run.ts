/** The program behind `npm run bench`: prints a table and writes build/bench.json. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { type Figure, renderFigures, takeFigure } from './figure.ts'
import { planMeasurements, prepareServer, startFloorServer } from './measurements.ts'

const machine = {
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryBytes: totalmem(),
  kernel: release(),
  node: process.version,
}
const commit = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim()
const only = process.argv.slice(2)

execFileSync('tsup', { stdio: 'inherit' })
const server = await prepareServer()
const floor = await startFloorServer()
const figures: Figure[] = []
try {
  const wanted = planMeasurements(server, floor).filter(
    ({ name }) => only.length === 0 || only.some(prefix => name.startsWith(prefix)),
  )
  for (const measurement of wanted) {
    figures.push(
      await takeFigure(measurement, round =>
        console.error(`${measurement.name}: round ${round} of ${measurement.rounds}`),
      ),
    )
  }
} finally {
  floor.stop()
  await server.stop()
}
mkdirSync('build', { recursive: true })
writeFileSync('build/bench.json', `${JSON.stringify({ machine, commit, figures }, null, 2)}\n`)
console.log(`${renderFigures(figures)}\n\nwritten: build/bench.json`)
