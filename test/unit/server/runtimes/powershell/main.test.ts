/** The real program of the powershell runtime, run as a process of this machine, keeps what every runtime promises. */
import { existsSync } from 'node:fs'
import test, { type ExecutionContext } from 'ava'
import { testConformance } from '../../../../helpers/conformance.ts'
import { createHostDocker, hostImage } from '../../../../helpers/host-runtimes.ts'
import { powershell } from '../../../../helpers/runtime-probes.ts'
import { createTestEngine } from '../../../../helpers/test-engine.ts'

/** Where server/runtimes/powershell/README.md has its readers unpack a release. */
const program = 'build/powershell/pwsh'

if (existsSync(program)) {
  const engineFor = (t: ExecutionContext) => createTestEngine(t, { docker: createHostDocker() })
  testConformance(test, { ...powershell, image: hostImage('powershell'), engineFor })
} else {
  test(`powershell: not run, this machine has no ${program}`, t => t.pass())
}
