/** The program of the built-in driver type `http`: webhooks in, events out. */
import { sendEvents } from '../send.ts'
import { SettingsFault } from '../settings.ts'
import { createListener } from './listener.ts'
import { loadSettings } from './settings.ts'

const port = 80

try {
  const settings = loadSettings(process.argv.slice(2), process.env)
  const print = (line: string): void => void process.stderr.write(`${line}\n`)
  createListener({ settings, send: json => sendEvents(settings.endpoint, json), print }).listen(port, '0.0.0.0')
} catch (thrown) {
  if (!(thrown instanceof SettingsFault)) throw thrown
  process.stderr.write(`${thrown.message}\n`)
  process.exitCode = 2
}
