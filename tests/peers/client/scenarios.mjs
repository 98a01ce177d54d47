// What an attacker, or a network that repeats itself, does at the token endpoint: plain fetch, no library between.
import '../loopback.mjs';

export class TokenEndpoint {
  /// @param grant a code that the sample application held back: token_endpoint, userinfo_endpoint, code, code_verifier, redirect_uri, client_id
  constructor(grant, secret) {
    this.grant = grant;
    // RFC 6749 section 2.3.1: both are form-encoded before they are joined.
    this.authorization = `Basic ${Buffer.from(`${encodeURIComponent(grant.client_id)}:${encodeURIComponent(secret)}`).toString('base64')}`;
  }

  async post(parameters) {
    const response = await fetch(this.grant.token_endpoint, { method: 'POST', headers: { authorization: this.authorization }, body: new URLSearchParams(parameters) });
    return { status: response.status, headers: response.headers, ...(await response.json()) };
  }

  redeem() {
    const { code, code_verifier, redirect_uri } = this.grant;
    return this.post({ grant_type: 'authorization_code', code, code_verifier, redirect_uri });
  }

  refresh(refresh_token) {
    return this.post({ grant_type: 'refresh_token', refresh_token });
  }

  /// The status that userinfo gives for an access token.
  async userinfo(access_token) {
    const response = await fetch(this.grant.userinfo_endpoint, { headers: { authorization: `Bearer ${access_token}` } });
    await response.body?.cancel();
    return response.status;
  }

  /// The same code, many times at once. Returns how many won, what each of the others was told, and whether what the winner got
  /// still works when all have been answered.
  async redeemAtOnce(times = 50) {
    const answers = await Promise.all(Array.from({ length: times }, () => this.redeem()));
    const won = answers.filter((answer) => answer.status === 200);
    const told = answers.filter((answer) => answer.status !== 200).map((answer) => `${answer.status} ${answer.error}`);
    const afterwards = [];
    for (const winner of won) {
      afterwards.push({
        userinfo: await this.userinfo(winner.access_token),
        refresh: winner.refresh_token ? (await this.refresh(winner.refresh_token)).status : null,
      });
    }
    return { won: won.length, told: [...new Set(told)], afterwards };
  }

  /// An honest use, then the spent refresh token again, at once and after `pause` milliseconds. `pause` must be longer than
  /// the time in which a repetition counts as a lost answer (10 s).
  async reuseRefreshToken(pause) {
    const first = await this.redeem();
    const second = await this.refresh(first.refresh_token);
    const lostAnswer = await this.refresh(first.refresh_token);
    const third = await this.refresh(second.refresh_token);
    if (pause) await new Promise((done) => setTimeout(done, pause));
    const theft = await this.refresh(second.refresh_token);
    const afterwards = await this.refresh(third.refresh_token);
    return {
      first: first.status,
      rotated: second.refresh_token !== undefined && second.refresh_token !== first.refresh_token,
      lostAnswer: lostAnswer.status,
      third: third.status,
      theft: theft.status,
      afterwards: afterwards.status,
      userinfo: third.access_token ? await this.userinfo(third.access_token) : null,
    };
  }
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  // node scenarios.mjs GRANT.json SECRET: the JSON that the sample application shows at /login/basic?hold=1
  const { readFileSync } = await import('node:fs');
  const result = await new TokenEndpoint(JSON.parse(readFileSync(process.argv[2], 'utf8')), process.argv[3]).redeemAtOnce();
  console.log(JSON.stringify(result, null, 2));
  process.exit(result.won === 1 && result.afterwards.every(({ userinfo, refresh }) => userinfo === 401 && (refresh === null || refresh === 400)) ? 0 : 1);
}
