// Makes the calls that stdin lists, each on its fake, and prints what came of
// them. node_test.go runs it.
const twilio = require('twilio');

// Fake sends requests to a fake, which tells Twilio's hosts apart by the Host
// header.
class Fake extends twilio.RequestClient {
  constructor(base) {
    super();
    this.base = base;
  }

  request(opts) {
    const url = new URL(opts.uri);
    return super.request({
      ...opts,
      uri: this.base + url.pathname + url.search,
      headers: { ...opts.headers, Host: url.host },
    });
  }
}

async function result(call) {
  const client = twilio(call.account, call.token, { httpClient: new Fake(call.base) });
  try {
    const run = new Function('client', 'args', 'params', `return client.${call.expression}`);
    const value = await run(client, call.args, call.params);
    return { sid: value?.sid ?? '', items: value?.length ?? 0 };
  } catch (err) {
    return { error: String(err) };
  }
}

async function main() {
  let input = '';
  for await (const chunk of process.stdin) input += chunk;
  const results = [];
  for (const call of JSON.parse(input)) results.push(await result(call));
  console.log(JSON.stringify(results));
}

main();
