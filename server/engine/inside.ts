/** What the server knows of the processes inside one container: who has dialled in, and whether it is still of use. */
import type { Connection } from './connection.ts'
import { ContainerLostError, type Control, createControl } from './control.ts'
import { type FromRuntime, protocolVersion } from './messages.ts'
import type { EngineLimits } from './options.ts'
import type { Peer } from './post.ts'

export interface Inside {
  control: Control
  /** Resolves when the control process has reported; rejects with ContainerLostError when that will never be. */
  reported: Promise<void>
  lost: Promise<string>
  /** Ends all calls and connections; the first reason counts. */
  lose(reason: string): void
  welcome(first: FromRuntime, connection: Connection): Peer
}

export function createInside(limits: EngineLimits): Inside {
  const reported = Promise.withResolvers<void>()
  const lost = Promise.withResolvers<string>()
  let controlConnection: Connection | undefined
  let over = false
  // Nobody waits for the report of a container that is lost later on.
  reported.promise.catch(() => undefined)

  function lose(reason: string): void {
    if (over) return
    over = true
    controlConnection?.close()
    control.lose(reason)
    reported.reject(new ContainerLostError(reason))
    lost.resolve(reason)
  }
  const control = createControl({ send: message => controlConnection?.send(message), fail: lose, limits })

  function welcomeControl(protocol: number, connection: Connection): Peer {
    if (controlConnection) throw new Error('a second control process reported')
    if (protocol !== protocolVersion) throw new Error(`the runtime speaks protocol ${protocol}, not ${protocolVersion}`)
    controlConnection = connection
    reported.resolve()
    return { receive: control.receive, closed: () => lose('its processes have ended') }
  }

  function welcomeWorker(number: number, calls: number, connection: Connection): Peer {
    const seat = control.seat(number, calls, connection)
    return { receive: seat.receive, closed: seat.hungUp }
  }

  return {
    control,
    reported: reported.promise,
    lost: lost.promise,
    lose,
    welcome: (first, connection) => {
      if (first.type === 'hello') return welcomeControl(first.protocol, connection)
      if (first.type === 'ready') return welcomeWorker(first.worker, first.calls, connection)
      throw new Error(`a connection began with "${first.type}"`)
    },
  }
}
