// ONNX bytes: the model of docs/facts/onnx.md, "Bytes", and models that onnxruntime loads and runs.
import * as ort from 'onnxruntime-node';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createBuilder } from '../../../src/compiler/graph/builder.ts';
import { bindInitializers } from '../../../src/compiler/onnx/bind.ts';
import { encodeOnnx } from '../../../src/compiler/onnx/encode.ts';
import { ModelProto } from '../../../src/compiler/onnx/proto.ts';

const onnx = suite('onnx');

onnx('the smallest valid model, byte for byte (Relu on float[2], opset 18, IR 8; written by the onnx package)', () => {
  const expected =
    '080812003a330a0c0a0178120179220452656c751201675a0f0a0178120a0a08080112040a020802620f0a0179120a0a08080112040a02080242040a001012';
  // what the schema gives for the same content; tlp itself names its producer and its nodes
  const float2 = { tensorType: { elemType: 1, shape: { dim: [{ dimValue: 2 }] } } };
  const message = ModelProto.fromObject({
    irVersion: 8,
    producerName: '',
    graph: {
      node: [{ input: ['x'], output: ['y'], opType: 'Relu' }],
      name: 'g',
      input: [{ name: 'x', type: float2 }],
      output: [{ name: 'y', type: float2 }],
    },
    opsetImport: [{ domain: '', version: 18 }],
  });
  assert.is(Buffer.from(ModelProto.encode(message).finish()).toString('hex'), expected);
});

onnx('opset 18, IR 8, standard domain, a symbolic batch', () => {
  const b = createBuilder();
  const x = b.input('x', 'float32', [{ times: 1 }, 4]);
  const y = b.add({ op: 'Softmax', axis: 1 }, [x]);
  const model = ModelProto.toObject(ModelProto.decode(encodeOnnx(b.finish([y], 'small'))), { longs: Number });
  assert.is(model.irVersion, 8);
  assert.equal(model.opsetImport, [{ domain: '', version: 18 }]);
  assert.equal(model.graph.input[0].type.tensorType.shape.dim, [{ dimParam: 'N' }, { dimValue: 4 }]);
  assert.equal(
    model.graph.node.map((node: { opType: string }) => node.opType),
    ['Softmax'],
  );
});

onnx('axes are inputs where opset 18 wants them, and Slice may run backwards', async () => {
  const b = createBuilder();
  const x = b.input('x', 'float32', [2, 3]);
  const mean = b.named(b.add({ op: 'ReduceMean', axes: [1], keepdims: false }, [x]), 'mean');
  const turned = b.named(b.add({ op: 'Slice', axes: [1], starts: [2], ends: [-1], steps: [-1] }, [x]), 'turned');
  const session = await ort.InferenceSession.create(encodeOnnx(b.finish([mean, turned], 'axes')));
  const result = await session.run({ x: new ort.Tensor('float32', Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3]) });
  assert.equal([...(result.mean!.data as Float32Array)], [2, 5]);
  assert.equal([...(result.turned!.data as Float32Array)], [3, 2, 1, 6, 5, 4]);
  await session.release();
});

onnx('weights bound later are constants of the model', async () => {
  const b = createBuilder();
  const x = b.input('x', 'float32', [{ times: 1 }, 2]);
  const w = b.input('w', 'float32', [2, 2]);
  const y = b.named(b.add({ op: 'Gemm', transA: false, transB: false }, [x, w]), 'y');
  const open = encodeOnnx(b.finish([y], 'open'), new Set(['w']));
  const bound = bindInitializers(open, [{ name: 'w', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }]);
  const session = await ort.InferenceSession.create(bound);
  assert.equal(session.inputNames, ['x']);
  const result = await session.run({ x: new ort.Tensor('float32', Float32Array.of(1, 1), [1, 2]) });
  assert.equal([...(result.y!.data as Float32Array)], [4, 6]);
  await session.release();
});

onnx.run();
