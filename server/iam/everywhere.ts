/** What belongs to the server and to no organization is stored under the empty name of one, which none can have. */
export const everywhere = ''
