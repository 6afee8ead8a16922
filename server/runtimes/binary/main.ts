/** Starts a worker of the binary runtime; the launcher says by the environment where to report and where the code is. */
import { runWorker, takePlaces } from '../launcher/assignment.ts'
import { loadWorker } from './worker.ts'

const places = takePlaces(process.env)
runWorker(places, async assignment => loadWorker(assignment, places.directory))
