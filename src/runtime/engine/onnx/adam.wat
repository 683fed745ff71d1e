;; One Adam step on a weight, four floats at a time (keras-semantics, section 3):
;; m = beta_1 m + (1 - beta_1) g; v = beta_2 v + (1 - beta_2) g^2; w = kept w - alpha m / (sqrt(v) + epsilon)
;; Addresses are multiples of 16; a last group of four may reach past the weight, into padding. `kept` is 1 less the decay.
(module
  (import "arena" "memory" (memory 1))
  (func (export "adam")
    (param $w i32) (param $g i32) (param $m i32) (param $v i32) (param $end i32)
    (param $kept f32) (param $beta_1 f32) (param $rest_1 f32) (param $beta_2 f32) (param $rest_2 f32)
    (param $alpha f32) (param $epsilon f32)
    (local $gradient v128) (local $mean v128) (local $spread v128)
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $w) (local.get $end)))
        (local.set $gradient (v128.load (local.get $g)))
        (local.set $mean
          (f32x4.add
            (f32x4.mul (v128.load (local.get $m)) (f32x4.splat (local.get $beta_1)))
            (f32x4.mul (local.get $gradient) (f32x4.splat (local.get $rest_1)))))
        (local.set $spread
          (f32x4.add
            (f32x4.mul (v128.load (local.get $v)) (f32x4.splat (local.get $beta_2)))
            (f32x4.mul
              (f32x4.mul (local.get $gradient) (local.get $gradient))
              (f32x4.splat (local.get $rest_2)))))
        (v128.store (local.get $m) (local.get $mean))
        (v128.store (local.get $v) (local.get $spread))
        (v128.store (local.get $w)
          (f32x4.sub
            (f32x4.mul (v128.load (local.get $w)) (f32x4.splat (local.get $kept)))
            (f32x4.div
              (f32x4.mul (local.get $mean) (f32x4.splat (local.get $alpha)))
              (f32x4.add (f32x4.sqrt (local.get $spread)) (f32x4.splat (local.get $epsilon))))))
        (local.set $w (i32.add (local.get $w) (i32.const 16)))
        (local.set $g (i32.add (local.get $g) (i32.const 16)))
        (local.set $m (i32.add (local.get $m) (i32.const 16)))
        (local.set $v (i32.add (local.get $v) (i32.const 16)))
        (br $next)))))
