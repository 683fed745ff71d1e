// Faults of the network in words, by the codes that Node gives them; and where redirects may lead.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { faultOf, type RequestFault } from '../../../src/runtime/download/download-error.ts';
import { redirected } from '../../../src/runtime/download/open-request.ts';

const test = suite('download faults');

const fault = (code: string): RequestFault => faultOf(Object.assign(new Error('as Node says it'), { code }));

test('being offline is said at once, a cut may pass', () => {
  for (const code of ['ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH']) {
    assert.match(fault(code).message, /this machine seems to be offline/);
    assert.is(fault(code).transient, false);
  }
  for (const code of ['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'Z_BUF_ERROR']) assert.is(fault(code).transient, true);
});

test('certificates are told from other faults', () => {
  for (const code of ['DEPTH_ZERO_SELF_SIGNED_CERT', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'SELF_SIGNED_CERT_IN_CHAIN']) {
    assert.match(fault(code).message, new RegExp(`not trusted \\(${code}; NODE_EXTRA_CA_CERTS`));
    assert.is(fault(code).transient, false);
  }
  assert.match(fault('CERT_HAS_EXPIRED').message, /has expired/);
  assert.match(fault('ERR_TLS_CERT_ALTNAME_INVALID').message, /for another name/);
});

test('redirects may not leave https', () => {
  const secure = new URL('https://a.example/x/y');
  assert.is(redirected(secure, 'z').href, 'https://a.example/x/z');
  assert.is(redirected(new URL('http://a.example/'), 'https://b.example/').href, 'https://b.example/');
  assert.throws(() => redirected(secure, 'http://a.example/z'), /from https to http/);
  assert.throws(() => redirected(secure, 'data:,x'), /has to begin with https/);
});

test.run();
