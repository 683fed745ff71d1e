// Noun: why a file cannot be fetched, as one line with cause and cure.

/** What the person is told about: the file, where it comes from, and where it has to lie. */
export interface Wish {
  readonly url: string;
  /** Folder of the cache, absolute. */
  readonly folder: string;
  /** Name of the file in that folder. */
  readonly file: string;
  /** md5 (32 hex digits) or sha256 (64); null where none is known. */
  readonly hash: string | null;
}

/** A file cannot be fetched: one clear line with the cure. Exit code 2. */
export class DownloadError extends Error {}

/** A fault of one request. `transient`: the same request may succeed a moment later. */
export class RequestFault extends Error {
  readonly transient: boolean;
  /** Milliseconds that the server asks to wait; null where it does not say. */
  readonly retryAfter: number | null;
  constructor(message: string, transient: boolean, retryAfter: number | null = null) {
    super(message);
    this.transient = transient;
    this.retryAfter = retryAfter;
  }
}

export const digestOf = (hash: string): 'sha256' | 'md5' => (hash.length === 64 ? 'sha256' : 'md5');

/** `FILE cannot be fetched: CAUSE. …how to put it there by hand`. `cause` has no full stop. */
export const cannotFetch = ({ url, folder, file, hash }: Wish, cause: string): DownloadError => {
  const check = hash === null ? '' : ` (${digestOf(hash)} ${hash})`;
  return new DownloadError(
    `${file} cannot be fetched: ${cause}. Fetch ${url} in another way and put it into ${folder}${check}; ` +
      'KERAS_HOME names another folder, TLP_WEIGHTS_MIRROR another address.',
  );
};

const offline = 'this machine seems to be offline';

/** By code of the system or of TLS; the others show the code. */
const causes: Readonly<Record<string, string>> = {
  ENOTFOUND: `the name of the server is not known (${offline}, or the address is wrong)`,
  EAI_AGAIN: `the name of the server cannot be looked up (${offline})`,
  ENETUNREACH: `the network cannot be reached (${offline})`,
  EHOSTUNREACH: `the server cannot be reached (${offline})`,
  ECONNREFUSED: 'the server refuses the connection',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ETIMEDOUT: 'the server does not answer',
  CERT_HAS_EXPIRED: 'the certificate of the server has expired (or the clock of this machine is wrong)',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate of the server is for another name',
};

const certificate = /CERT|SIGNATURE|ISSUER|ERR_TLS|ERR_SSL/;
const transientCodes: readonly string[] = ['ECONNRESET', 'EPIPE', 'ETIMEDOUT'];

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** What node:http(s) and node:zlib throw, as a fault in words. */
export const faultOf = (error: unknown): RequestFault => {
  if (error instanceof RequestFault) return error;
  const code = codeOf(error);
  if (causes[code] !== undefined) return new RequestFault(causes[code], transientCodes.includes(code));
  if (certificate.test(code))
    return new RequestFault(
      `the certificate of the server is not trusted (${code}; NODE_EXTRA_CA_CERTS names a file of further authorities)`,
      false,
    );
  const text = error instanceof Error ? error.message : String(error);
  return new RequestFault(`the transfer failed (${code || text})`, true);
};

const diskCauses: Readonly<Record<string, string>> = {
  ENOSPC: 'no room is left on the disk',
  EDQUOT: 'your disk quota is used up',
  EACCES: 'there is no permission to write there',
  EPERM: 'there is no permission to write there',
  EROFS: 'the disk is read-only',
  ENOTDIR: 'a file is in the way of the folder',
};

/** A failed file operation as an error for the person. */
export const cannotWrite = ({ folder, file }: Wish, error: unknown): DownloadError => {
  const code = codeOf(error);
  const cause = diskCauses[code] ?? (code || String(error));
  return new DownloadError(
    `${file} cannot be written into ${folder}: ${cause}. Nothing was kept; KERAS_HOME names another folder.`,
  );
};
