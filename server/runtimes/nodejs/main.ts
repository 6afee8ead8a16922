/** Starts the nodejs runtime of Dispatch: `main.cjs [role] [socket] [function directory]`; the defaults are the container's. */
import { runControl } from './control.ts'
import { runWorker } from './worker.ts'

const [role = 'control', socketPath = '/run/dispatch/engine.sock', directory = '/function'] = process.argv.slice(2)

if (role === 'worker') {
  runWorker({ socketPath, directory })
} else {
  const [script = ''] = process.argv.slice(1)
  runControl({ socketPath, directory, script })
}
