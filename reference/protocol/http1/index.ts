/** HTTP/1 messages: what an implementation of `node:http` needs of this folder. */
export { Flag, Head, NO_LENGTH } from './head.js';
export { METHODS } from './methods.js';
export { ParseError, type ParseErrorCode } from './parse-error.js';
export { MessageParser, type ParserEvent, type ParserOptions } from './parser.js';
