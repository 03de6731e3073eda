package io.processoptimizer.config;

import io.processoptimizer.config.YamlNode.Entry;
import io.processoptimizer.config.YamlNode.Mapping;
import io.processoptimizer.config.YamlNode.Scalar;
import io.processoptimizer.config.YamlNode.Sequence;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** YAML text enters, nodes with lines leave. Values stay text: what {@code off} or {@code 1_000} means is the setting's affair. */
final class YamlText {
    /** Deeper than any file of ours; an alias that contains itself would otherwise never end. */
    private static final int MAX_DEPTH = 32;

    /** Far above 10,000 process definitions of 20 values; aliases of aliases could otherwise grow without end. */
    private static final int MAX_NODES = 1_000_000;

    private final String source;
    private final List<Problem> problems;
    private int nodes;

    private YamlText(String source, List<Problem> problems) {
        this.source = source;
        this.problems = problems;
    }

    /** The document as a mapping; empty where the text holds nothing or cannot be read (then with a problem). */
    static Mapping document(String text, String source, List<Problem> problems) {
        YamlNode node = value(text, source, problems);
        if (node instanceof Mapping mapping) {
            return mapping;
        }
        if (!(node instanceof Scalar scalar && scalar.isNull())) {
            problems.add(new Problem(source, node.line(), "expected 'key: value' lines, not " + node.shown()));
        }
        return new Mapping(List.of(), 1);
    }

    /** Any single YAML value; null's node where it cannot be read (then with a problem). */
    static YamlNode value(String text, String source, List<Problem> problems) {
        Scalar nothing = new Scalar("", false, 1);
        try {
            Node root = new Yaml(new LoaderOptions()).compose(new StringReader(text));
            return root == null ? nothing : new YamlText(source, problems).convert(root, 0);
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
            problems.add(new Problem(source, line, "not valid YAML: " + e.getProblem() + yamlRemedy(e)));
        } catch (YAMLException e) {
            problems.add(new Problem(source, 0, "not valid YAML: " + e.getMessage()));
        }
        return nothing;
    }

    private static String yamlRemedy(MarkedYAMLException e) {
        String said = String.valueOf(e.getMessage());
        if (said.contains("alias")) {
            return "; a value that starts with * needs quotes: \"*\"";
        }
        if (said.contains("'\\t'") || said.contains("\\t(TAB)")) {
            return "; indent with spaces, not tabs";
        }
        return "; check the indentation, colons and quotes near this line";
    }

    private YamlNode convert(Node node, int depth) {
        int line = node.getStartMark().getLine() + 1;
        if (depth > MAX_DEPTH || ++nodes > MAX_NODES) {
            throw new YAMLException("nested deeper than " + MAX_DEPTH + " or longer than " + MAX_NODES
                    + " values at line " + line + "; split the file or remove the alias");
        }
        if (node instanceof ScalarNode scalar) {
            boolean quoted = scalar.getScalarStyle() != DumperOptions.ScalarStyle.PLAIN;
            return new Scalar(scalar.getValue(), quoted, line);
        }
        if (node instanceof SequenceNode sequence) {
            List<YamlNode> items = new ArrayList<>();
            for (Node item : sequence.getValue()) {
                items.add(convert(item, depth + 1));
            }
            return new Sequence(List.copyOf(items), line);
        }
        return mapping((MappingNode) node, line, depth);
    }

    private Mapping mapping(MappingNode node, int line, int depth) {
        List<Entry> entries = new ArrayList<>();
        Map<String, Integer> firstLines = new HashMap<>();
        for (NodeTuple tuple : node.getValue()) {
            YamlNode key = convert(tuple.getKeyNode(), depth + 1);
            YamlNode value = convert(tuple.getValueNode(), depth + 1);
            if (!(key instanceof Scalar scalar)) {
                problems.add(new Problem(source, key.line(), "a key must be a plain name, not " + key.shown()));
                continue;
            }
            Integer first = firstLines.putIfAbsent(scalar.text(), key.line());
            if (first != null) {
                problems.add(new Problem(
                        source,
                        key.line(),
                        "'" + scalar.text() + "' is given twice (first in line " + first + "); remove one"));
                continue;
            }
            entries.add(new Entry(scalar.text(), key.line(), value));
        }
        return new Mapping(List.copyOf(entries), line);
    }
}
