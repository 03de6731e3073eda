/**
 * Amazon Bedrock's runtime: a conversation enters by Converse or by InvokeModel, an answer in the same form leaves. The model behind it
 * is the built-in rules, which it reads from the question, so that it costs nothing and always says the same. It knows nothing of
 * who asks.
 */
@NullMarked
package io.processoptimizer.local.bedrock;

import org.jspecify.annotations.NullMarked;
