/** Owns the question whether a server of this machine lets this user in by its socket. */
import { connect } from 'node:net'

export const canOpen = (path: string): Promise<boolean> =>
  new Promise(done => {
    const probe = connect(path)
    probe.once('connect', () => {
      probe.destroy()
      done(true)
    })
    probe.once('error', () => done(false))
  })
