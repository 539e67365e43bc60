/**
 * What both ends of every wire keep to: the socket, WebSockets, and the channels between a window and the main process.
 * They have no schemas with them, so that the preload and the page load none either.
 */

/** The number of the protocol in `wire.ts`; two ends of different numbers do not talk. */
export const wireProtocol = 1;

/** The longest request: bytes of UTF-8, or the length of its JSON text where that is what crosses. */
export const maxRequestLength = 8 * 1024 * 1024;
/** The longest reply, in bytes: a run with the outputs of all its stages is far larger than what asks for it. */
export const maxReplyBytes = 64 * 1024 * 1024;
/** How many requests of one caller are worked on at once; beyond this the engine stops reading, or refuses. */
export const maxRequestsUnderWay = 256;
/** How many feeds one caller may have. */
export const maxFeeds = 256;
/** How many connections the engine keeps. */
export const maxConnections = 64;
