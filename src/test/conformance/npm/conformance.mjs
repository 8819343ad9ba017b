// Runs the official JavaScript clients against a gateway that has the agents of Scenarios.java:
//   GATEWAY_URL=http://127.0.0.1:8000 node --test conformance.mjs
// Attempts are what the gateway counted in /metrics; nothing else may call it meanwhile.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { HumanMessage, ToolMessage } from '@langchain/core/messages';
import { tool as langchainTool } from '@langchain/core/tools';
import { ChatOpenAI } from '@langchain/openai';
import { APICallError, generateText, RetryError, stepCountIs, streamText, tool } from 'ai';
import OpenAI from 'openai';
import { z } from 'zod';

const gateway = process.env.GATEWAY_URL;
const baseURL = `${gateway}/v1`;
const apiKey = 'sk-any';
const wrongKey = 'rok_wrong';
const answer = 'Hello! How can I help you today?';
const afterTools = 'Paris has 21 degrees, Oslo has 7.';
const unusual = { unicode: 'stop', silent: 'stop', length: 'length', odd: 'stop', slow: 'stop' };
const degrees = { Paris: 21, Oslo: 7 };
const messages = [{ role: 'user', content: 'Hello!' }];
const pause = ms => new Promise(resolve => setTimeout(resolve, ms));

before(() => assert.ok(gateway, 'GATEWAY_URL is not set'));

async function sum(meter, ...parts) {
  const text = await (await fetch(`${gateway}/metrics`)).text();
  return text
    .split('\n')
    .filter(line => line.startsWith(`${meter}{`) && parts.every(part => line.includes(part)))
    .reduce((total, line) => total + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

const posts = (status = '') => sum('robutler_http_requests_total', 'method="POST"', `status_code="${status}`);

async function idle() {
  const end = Date.now() + 10_000;
  while ((await sum('robutler_http_requests_in_progress', 'method="POST"')) > 0) {
    assert.ok(Date.now() < end, 'the gateway still answers a request');
    await pause(20);
  }
}

/** What a call threw, after exactly so many answers of this status and no others. */
async function failing(status, attempts, call) {
  const [all, such] = [await posts(), await posts(status)];
  const failure = await call().then(
    value => assert.fail(`it answered ${JSON.stringify(value)}`),
    thrown => thrown,
  );
  await idle();
  assert.equal((await posts(status)) - such, attempts, `answers of status ${status}; it threw ${failure}`);
  assert.equal((await posts()) - all, attempts, `answers in all; it threw ${failure}`);
  return failure;
}

/** A call that hangs up on an endless answer: the gateway must stop answering. */
async function hangingUp(call) {
  await call();
  await idle();
}

/** When each request of a client went out. */
function timedFetch(times) {
  return (...request) => {
    times.push(Date.now());
    return fetch(...request);
  };
}

function assertWaited(times) {
  assert.equal(times.length, 2);
  assert.ok(times[1] - times[0] >= 1_990, `it waited ${times[1] - times[0]} ms of 2000`);
}

describe('openai', () => {
  const client = new OpenAI({ baseURL, apiKey });
  const chat = (model, more = {}) => client.chat.completions.create({ model, messages, ...more });
  const tools = [
    {
      type: 'function',
      function: {
        name: 'get_weather',
        parameters: { type: 'object', properties: { city: { type: 'string' } } },
      },
    },
  ];

  async function chunksOf(stream) {
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    return chunks;
  }

  const text = chunks => chunks.map(chunk => chunk.choices[0]?.delta.content ?? '').join('');

  test('chat', async () => {
    const said = await chat('hello');
    assert.match(said.id, /^chatcmpl-/);
    assert.equal(said.object, 'chat.completion');
    assert.equal(said.model, 'hello');
    assert.ok(Number.isInteger(said.created));
    assert.equal(said.choices[0].message.content, answer);
    assert.equal(said.choices[0].finish_reason, 'stop');
    assert.deepEqual(said.usage, { prompt_tokens: 12, completion_tokens: 9, total_tokens: 21 });
  });

  test('chat at the agent\'s own address', async () => {
    const own = new OpenAI({ baseURL: `${gateway}/hello`, apiKey });
    const said = await own.chat.completions.create({ model: 'gpt-4o-mini', messages });
    assert.equal(said.choices[0].message.content, answer);
  });

  test('request id', async () => {
    assert.match((await chat('hello'))._request_id, /^req_/);
    const { request_id: id } = await chat('hello', { stream: true }).withResponse();
    assert.match(id, /^req_/);
  });

  test('models', async () => {
    const ids = (await client.models.list()).data.map(model => model.id);
    assert.ok(ids.includes('hello'));
    assert.equal((await client.models.retrieve('hello')).object, 'model');
    await assert.rejects(client.models.retrieve('nobody'), OpenAI.NotFoundError);
  });

  test('stream without include_usage', async () => {
    const chunks = await chunksOf(await chat('hello', { stream: true }));
    assert.equal(text(chunks), answer);
    assert.deepEqual(chunks[0].choices[0].delta, { role: 'assistant', content: '' });
    assert.equal(new Set(chunks.map(chunk => chunk.id)).size, 1);
    assert.ok(chunks.every(chunk => chunk.choices.length === 1));
    assert.equal(chunks.at(-1).choices[0].finish_reason, 'stop');
    assert.equal(chunks.at(-1).usage.total_tokens, 21);
  });

  test('stream with include_usage', async () => {
    const chunks = await chunksOf(await chat('hello', { stream: true, stream_options: { include_usage: true } }));
    assert.equal(text(chunks), answer);
    assert.deepEqual(chunks.at(-1).choices, []);
    assert.equal(chunks.at(-1).usage.total_tokens, 21);
    assert.ok(chunks.slice(0, -1).every(chunk => chunk.usage === null));
  });

  for (const [model, reason] of Object.entries(unusual)) {
    test(`stream of the agent ${model}, by the helper`, async () => {
      const streamed = await client.chat.completions.stream({ model, messages }).finalChatCompletion();
      const whole = await chat(model);
      assert.equal(streamed.choices[0].message.content ?? '', whole.choices[0].message.content);
      assert.equal(streamed.choices[0].finish_reason, reason);
      assert.equal(whole.choices[0].finish_reason, reason);
    });
  }

  test('tool calls, whole and streamed', async () => {
    const whole = (await chat('tools', { tools })).choices[0];
    assert.equal(whole.finish_reason, 'tool_calls');
    assert.equal(whole.message.content, null);
    const chunks = await chunksOf(await chat('tools', { tools, stream: true }));
    const deltas = chunks.flatMap(chunk => chunk.choices[0].delta.tool_calls ?? []);
    assert.deepEqual(deltas.filter(delta => delta.id).map(delta => [delta.index, delta.id, delta.function.name]), [
      [0, 'call_paris', 'get_weather'],
      [1, 'call_oslo', 'get_weather'],
    ]);
    const helped = (await client.chat.completions.stream({ model: 'tools', messages, tools }).finalChatCompletion())
      .choices[0];
    assert.equal(helped.finish_reason, 'tool_calls');
    for (const message of [whole.message, helped.message]) {
      assert.deepEqual(message.tool_calls.map(call => call.id), ['call_paris', 'call_oslo']);
      assert.deepEqual(message.tool_calls.map(call => JSON.parse(call.function.arguments).city), ['Paris', 'Oslo']);
      const results = message.tool_calls.map(call => ({ role: 'tool', tool_call_id: call.id, content: '21' }));
      const second = await chat('tools', { tools, messages: [...messages, message, ...results] });
      assert.equal(second.choices[0].message.content, afterTools);
    }
  });

  for (const stream of [false, true]) {
    test(`runTools, ${stream ? 'streamed' : 'whole'}`, async () => {
      const asked = [];
      const runner = client.chat.completions.runTools({
        model: 'tools',
        messages,
        stream,
        tools: [
          {
            type: 'function',
            function: {
              ...tools[0].function,
              parse: JSON.parse,
              function: ({ city }) => {
                asked.push(city);
                return `${degrees[city]}`;
              },
            },
          },
        ],
      });
      assert.equal(await runner.finalContent(), afterTools);
      assert.deepEqual(asked, ['Paris', 'Oslo']);
    });
  }

  const errors = [
    ['refused', 400, 1, OpenAI.BadRequestError, 'invalid_request', 'invalid_request_error'],
    ['nobody', 404, 1, OpenAI.NotFoundError, 'agent_not_found', 'invalid_request_error'],
    ['busy', 429, 3, OpenAI.RateLimitError, 'upstream_rate_limited', 'rate_limit_exceeded'],
    ['broken', 503, 3, OpenAI.InternalServerError, 'model_unavailable', 'server_error'],
  ];
  for (const [model, status, attempts, type, code, errorType] of errors) {
    test(`status ${status}`, async () => {
      const failure = await failing(status, attempts, () => chat(model));
      assert.ok(failure instanceof type, `${failure.constructor.name}: ${failure}`);
      assert.equal(failure.status, status);
      assert.equal(failure.code, code);
      assert.equal(failure.type, errorType);
      assert.match(failure.requestID, /^req_/);
      assert.doesNotMatch(failure.message, /no body/);
    });
  }

  test('status 400 of a stream', async () => {
    assert.ok((await failing(400, 1, () => chat('refused', { stream: true }))) instanceof OpenAI.BadRequestError);
  });

  test('status 401', async () => {
    const stranger = new OpenAI({ baseURL, apiKey: wrongKey });
    const failure = await failing(401, 1, () => stranger.chat.completions.create({ model: 'hello', messages }));
    assert.ok(failure instanceof OpenAI.AuthenticationError);
    assert.equal(failure.code, 'invalid_api_key');
  });

  test('Retry-After', async () => {
    const times = [];
    const patient = new OpenAI({ baseURL, apiKey, fetch: timedFetch(times) });
    const said = await patient.chat.completions.create({ model: 'busy-once', messages });
    assert.equal(said.choices[0].message.content, answer);
    assertWaited(times);
  });

  test('hang up', () =>
    hangingUp(async () => {
      const stream = await chat('endless', { stream: true });
      let seen = 0;
      for await (const _ of stream) if (++seen === 5) break;
    }));

  test('hang up by the helper', () =>
    hangingUp(async () => {
      const stream = client.chat.completions.stream({ model: 'endless', messages });
      stream.once('content', () => stream.abort());
      await assert.rejects(stream.done(), OpenAI.APIUserAbortError);
    }));

  test('hang up before the first event', () =>
    hangingUp(async () => {
      const waiting = new AbortController();
      const call = client.chat.completions.create({ model: 'mute', messages }, { signal: waiting.signal });
      setTimeout(() => waiting.abort(), 200);
      await assert.rejects(call, OpenAI.APIUserAbortError);
    }));

  test('broken stream', async () => {
    const seen = [];
    const failure = await failing(200, 1, async () => {
      for await (const chunk of await chat('cut', { stream: true })) seen.push(chunk);
    });
    assert.ok(failure instanceof OpenAI.APIError);
    assert.equal(failure.status, undefined);
    assert.equal(failure.code, 'model_unavailable');
    assert.equal(text(seen), 'Hello!');
  });

  test('broken stream by the helper', async () => {
    const failure = await failing(200, 1, () =>
      client.chat.completions.stream({ model: 'cut', messages }).finalContent());
    assert.ok(failure instanceof OpenAI.OpenAIError);
    assert.match(failure.message, /broke off/);
  });
});

const providers = {
  '@ai-sdk/openai': options => createOpenAI({ baseURL, apiKey, ...options }).chat,
  '@ai-sdk/openai-compatible': options =>
    createOpenAICompatible({ name: 'gateway', baseURL, apiKey, includeUsage: true, ...options }),
};
for (const [name, provider] of Object.entries(providers)) {
  describe(name, () => {
    const model = (agent, options = {}) => provider(options)(agent);
    const weather = asked =>
      tool({
        description: 'Tells the temperature.',
        inputSchema: z.object({ city: z.string() }),
        execute: async ({ city }) => {
          asked.push(city);
          return degrees[city];
        },
      });

    /** The parts of a stream; errors are parts too. */
    async function partsOf(options) {
      const parts = [];
      for await (const part of streamText({ onError: () => {}, ...options }).fullStream) parts.push(part);
      return parts;
    }

    const text = parts => parts.filter(part => part.type === 'text-delta').map(part => part.text).join('');

    test('chat', async () => {
      const said = await generateText({ model: model('hello'), prompt: 'Hello!' });
      assert.equal(said.text, answer);
      assert.equal(said.finishReason, 'stop');
      assert.equal(said.usage.totalTokens, 21);
      assert.match(said.response.id, /^chatcmpl-/);
      assert.match(said.response.headers['x-request-id'], /^req_/);
    });

    test('stream with include_usage', async () => {
      const streamed = streamText({ model: model('hello'), prompt: 'Hello!' });
      assert.equal(await streamed.text, answer);
      assert.equal(await streamed.finishReason, 'stop');
      assert.equal((await streamed.usage).totalTokens, 21);
      assert.match((await streamed.response).headers['x-request-id'], /^req_/);
    });

    if (name.endsWith('compatible')) {
      test('stream without include_usage', async () => {
        const streamed = streamText({ model: model('hello', { includeUsage: false }), prompt: 'Hello!' });
        assert.equal(await streamed.text, answer);
        assert.equal((await streamed.usage).totalTokens, 21);
      });
    }

    for (const [agent, reason] of Object.entries(unusual)) {
      test(`stream of the agent ${agent}`, async () => {
        const streamed = streamText({ model: model(agent), prompt: 'Hello!' });
        const whole = await generateText({ model: model(agent), prompt: 'Hello!' });
        assert.equal(await streamed.text, whole.text);
        assert.equal(await streamed.finishReason, reason);
        assert.equal(whole.finishReason, reason);
      });
    }

    test('tool calls, whole', async () => {
      const asked = [];
      const said = await generateText({
        model: model('tools'),
        prompt: 'Hello!',
        tools: { get_weather: weather(asked) },
        stopWhen: stepCountIs(3),
      });
      assert.equal(said.text, afterTools);
      assert.deepEqual(asked, ['Paris', 'Oslo']);
      assert.deepEqual(said.steps.map(step => step.finishReason), ['tool-calls', 'stop']);
    });

    test('tool calls, streamed', async () => {
      const asked = [];
      const streamed = streamText({
        model: model('tools'),
        prompt: 'Hello!',
        tools: { get_weather: weather(asked) },
        stopWhen: stepCountIs(3),
      });
      await streamed.consumeStream();
      assert.equal(await streamed.text, afterTools);
      assert.deepEqual(asked, ['Paris', 'Oslo']);
    });

    const errors = [
      ['refused', 400, 1],
      ['nobody', 404, 1],
      ['busy', 429, 3],
      ['broken', 503, 3],
    ];
    for (const [agent, status, attempts] of errors) {
      test(`status ${status}`, async () => {
        const failure = await failing(status, attempts, () => generateText({ model: model(agent), prompt: 'Hello!' }));
        const last = RetryError.isInstance(failure) ? failure.lastError : failure;
        assert.equal(RetryError.isInstance(failure), attempts > 1);
        assert.ok(APICallError.isInstance(last), `${last}`);
        assert.equal(last.statusCode, status);
        assert.match(last.responseHeaders['x-request-id'], /^req_/);
        assert.equal(last.message, JSON.parse(last.responseBody).error.message);
      });
    }

    test('status 401', async () => {
      const failure = await failing(401, 1, () =>
        generateText({ model: model('hello', { apiKey: wrongKey }), prompt: 'Hello!' }));
      assert.equal(failure.statusCode, 401);
    });

    test('status 400 of a stream', async () => {
      const errors = (await partsOf({ model: model('refused'), prompt: 'Hello!' })).filter(part => part.type === 'error');
      assert.equal(errors.length, 1);
      assert.equal(errors[0].error.statusCode, 400);
    });

    test('Retry-After', async () => {
      const times = [];
      const said = await generateText({ model: model('busy-once', { fetch: timedFetch(times) }), prompt: 'Hello!' });
      assert.equal(said.text, answer);
      assertWaited(times);
    });

    test('hang up', () =>
      hangingUp(async () => {
        const leaving = new AbortController();
        let seen = 0;
        const streamed = streamText({
          model: model('endless'),
          prompt: 'Hello!',
          abortSignal: leaving.signal,
          onError: () => {},
        });
        for await (const _ of streamed.textStream) if (++seen === 5) leaving.abort();
        assert.ok(seen >= 5);
      }));

    test('broken stream', async () => {
      const parts = await partsOf({ model: model('cut'), prompt: 'Hello!' });
      assert.equal(text(parts), 'Hello!');
      const errors = parts.filter(part => part.type === 'error');
      assert.equal(errors.length, 1);
      assert.match(JSON.stringify(errors[0].error) + errors[0].error, /broke off/);
    });
  });
}

describe('@langchain/openai', () => {
  const model = (agent, more = {}) =>
    new ChatOpenAI({ model: agent, apiKey, maxRetries: 2, configuration: { baseURL }, ...more });

  const weather = langchainTool(({ city }) => `${degrees[city]}`, {
    name: 'get_weather',
    description: 'Tells the temperature.',
    schema: z.object({ city: z.string() }),
  });

  async function streamed(runnable, input) {
    const texts = [];
    let whole;
    for await (const chunk of await runnable.stream(input)) {
      texts.push(chunk.content);
      whole = whole === undefined ? chunk : whole.concat(chunk);
    }
    return { texts, whole };
  }

  test('chat', async () => {
    const said = await model('hello').invoke('Hello!');
    assert.equal(said.content, answer);
    assert.match(said.id, /^chatcmpl-/);
    assert.equal(said.response_metadata.finish_reason, 'stop');
    assert.equal(said.usage_metadata.total_tokens, 21);
  });

  test('stream with include_usage', async () => {
    const { texts, whole } = await streamed(model('hello'), 'Hello!');
    assert.equal(texts.join(''), answer);
    assert.equal(whole.response_metadata.finish_reason, 'stop');
    assert.equal(whole.usage_metadata.total_tokens, 21);
  });

  test('stream without include_usage', async () => {
    const { whole } = await streamed(model('hello', { streamUsage: false }), 'Hello!');
    assert.equal(whole.content, answer);
  });

  for (const [agent, reason] of Object.entries(unusual)) {
    test(`stream of the agent ${agent}`, async () => {
      const { whole } = await streamed(model(agent), 'Hello!');
      const said = await model(agent).invoke('Hello!');
      assert.equal(whole.content, said.content);
      assert.equal(whole.response_metadata.finish_reason, reason);
      assert.equal(said.response_metadata.finish_reason, reason);
    });
  }

  for (const way of ['whole', 'streamed']) {
    test(`tool calls, ${way}`, async () => {
      const able = model('tools').bindTools([weather]);
      const first = way === 'whole' ? await able.invoke('Hello!') : (await streamed(able, 'Hello!')).whole;
      assert.deepEqual(first.tool_calls.map(call => [call.id, call.name, call.args.city]), [
        ['call_paris', 'get_weather', 'Paris'],
        ['call_oslo', 'get_weather', 'Oslo'],
      ]);
      const results = [];
      for (const call of first.tool_calls) {
        results.push(new ToolMessage({ content: await weather.invoke(call.args), tool_call_id: call.id }));
      }
      const second = await able.invoke([new HumanMessage('Hello!'), first, ...results]);
      assert.equal(second.content, afterTools);
    });
  }

  const errors = [
    ['refused', 400, 1],
    ['nobody', 404, 1],
    ['busy', 429, 3],
    ['broken', 503, 3],
  ];
  for (const [agent, status, attempts] of errors) {
    test(`status ${status}`, async () => {
      const failure = await failing(status, attempts, () => model(agent).invoke('Hello!'));
      assert.equal(failure.status, status);
      assert.match(failure.requestID ?? failure.headers?.get('x-request-id'), /^req_/);
    });
  }

  test('status 401', async () => {
    const failure = await failing(401, 1, () => model('hello', { apiKey: wrongKey }).invoke('Hello!'));
    assert.equal(failure.status, 401);
  });

  test('Retry-After', async () => {
    const times = [];
    const patient = model('busy-once', { configuration: { baseURL, fetch: timedFetch(times) } });
    assert.equal((await patient.invoke('Hello!')).content, answer);
    assertWaited(times);
  });

  test('hang up', () =>
    hangingUp(async () => {
      let seen = 0;
      for await (const _ of await model('endless').stream('Hello!')) if (++seen === 5) break;
    }));

  test('hang up by a signal', () =>
    hangingUp(async () => {
      const leaving = new AbortController();
      await assert.rejects(async () => {
        for await (const _ of await model('endless').stream('Hello!', { signal: leaving.signal })) leaving.abort();
      });
    }));

  test('broken stream', async () => {
    const texts = [];
    const failure = await failing(200, 1, async () => {
      for await (const chunk of await model('cut').stream('Hello!')) texts.push(chunk.content);
    });
    assert.match(failure.message, /broke off/);
    assert.equal(texts.join(''), 'Hello!');
  });
});
