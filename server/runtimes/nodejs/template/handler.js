/** `context` holds secrets and where the call came from, `payload` is the input; what it returns becomes the output. */
module.exports = async (_context, payload) => ({ hello: payload })
