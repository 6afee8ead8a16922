/** Properties as VMware hands them over: by a variable of the guest, which its tools read and write. */
import { messageOf } from '../../../server/core/errors.ts'
import type { Run } from '../../run.ts'
import type { Fault } from '../settings.ts'
import { blankSecrets, emptyEnvironment, parseOvfEnvironment } from './ovf-environment.ts'
import type { Source } from './sourced.ts'

const name = 'guestinfo'
const key = 'guestinfo.ovfEnv'
const timeoutMs = 20_000

/** Either may be missing, or be refused what the other may do. */
const tools: readonly ((command: string) => readonly string[])[] = [
  command => ['vmtoolsd', '--cmd', command],
  command => ['vmware-rpctool', command],
]

interface Answer {
  readonly xml?: string
  readonly isDenied: boolean
}

/** An exit code of 0 proves nothing: tools say in words, too, that this is no machine of VMware. Only XML is an answer. */
async function readVariable(run: Run): Promise<Answer> {
  let isDenied = false
  for (const tool of tools) {
    const { exitCode, stdout, stderr } = await run(tool(`info-get ${key}`), { timeoutMs })
    if (exitCode === 0 && stdout.trimStart().startsWith('<')) return { xml: stdout.trimStart(), isDenied }
    isDenied ||= /permission denied/i.test(stdout + stderr)
  }
  return { isDenied }
}

const fault = (problem: string, instead: string): Fault => ({ key, problem, instead })

/** Undefined where there is nothing, or no VMware. */
export async function readGuestTools(run: Run): Promise<Source | undefined> {
  const { xml, isDenied } = await readVariable(run)
  const source = { name, place: 'the hypervisor', values: {}, faults: [] } as const
  if (xml === undefined)
    return isDenied ? { ...source, faults: [fault('Permission denied', 'no properties are read')] } : undefined
  try {
    return { ...source, values: parseOvfEnvironment(xml) }
  } catch (thrown) {
    return { ...source, faults: [fault(messageOf(thrown), 'no properties are read')] }
  }
}

async function writeVariable(run: Run, xml: string): Promise<void> {
  for (const tool of tools) {
    const { exitCode } = await run(tool(`info-set ${key} ${xml}`), { timeoutMs })
    if (exitCode === 0) return
  }
}

/**
 * What to write, until secrets are gone. Tools take a value as an argument alone, into which not every document fits. An
 * empty one takes no property back, but what is still needed would be lost with it.
 */
const planErasure = (blanked: string, kept: readonly string[]): readonly string[] =>
  kept.length === 0 ? [blanked, emptyEnvironment] : [blanked]

/** Faults where secrets are still there afterwards. Those of `kept` keys are left there. */
export async function eraseGuestSecrets(run: Run, kept: readonly string[] = []): Promise<readonly Fault[]> {
  const instead = 'clear them in the settings of the virtual machine'
  const blank = async () => blankSecrets((await readVariable(run)).xml ?? emptyEnvironment, kept)
  try {
    const blanked = await blank()
    if (blanked === undefined) return []
    for (const xml of planErasure(blanked, kept)) {
      await writeVariable(run, xml)
      if ((await blank()) === undefined) return []
    }
    return [fault('its passwords could not be erased', instead)]
  } catch (thrown) {
    return [fault(`whether there are passwords in it is not known: ${messageOf(thrown)}`, instead)]
  }
}
