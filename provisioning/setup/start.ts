/** The set-up page with its certificate, which is another one when addresses or the owner's wishes change, without a restart. */
import { openCertificates } from '../../server/http/tls/certificates.ts'
import { createFileSource } from '../../server/http/tls/source.ts'
import { connectAgent } from './agent.ts'
import { type SetupPorts, startListeners } from './listeners.ts'

export interface Log {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export interface StartOptions {
  readonly certificateFile: string
  readonly keyFile: string
  /** Of the agent. */
  readonly socketPath: string
  /** undefined: all addresses. */
  readonly host?: string
  readonly ports: SetupPorts
  readonly log: Log
  nowMs(): number
}

export interface RunningSetup {
  /** Resolves when answers that are under way have been given. */
  stop(): Promise<void>
}

/** Between two looks at the files. */
const lookMs = 2000

/** Rejects when there is no certificate to show, or a port is taken. */
export async function startSetup(options: StartOptions): Promise<RunningSetup> {
  const { certificateFile, keyFile, socketPath, host, ports, log, nowMs } = options
  const source = createFileSource(certificateFile, keyFile)
  const certificates = await openCertificates({ source, nowMs, log, periodMs: lookMs })
  const agent = connectAgent({ socketPath })
  const listeners = await startListeners({ agent, nowMs, log, identity: certificates, ports, ...(host && { host }) })
  certificates.start()
  return {
    stop: async () => {
      await listeners.close()
      await certificates.stop()
    },
  }
}
