/**
 * Stands in the bundle for what dockerode loads but this server never reaches: ssh:// hosts (refused) and BuildKit
 * sessions (unused). They bring native add-ons and 3 MB of code that every start would have to read.
 */
class Unreached {
  constructor() {
    throw new Error('this part of dockerode is not in the bundle')
  }
}

module.exports = { Client: Unreached, Server: Unreached }
