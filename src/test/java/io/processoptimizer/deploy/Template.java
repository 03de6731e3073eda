package io.processoptimizer.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * A template of CloudFormation, with its short forms written out: {@code !Ref x} is {@code {"Ref": "x"}}, {@code !Sub x} is
 * {@code {"Fn::Sub": "x"}}.
 */
public record Template(String name, JsonNode root) {
    static final Path FOLDER = Path.of("deploy");

    public static Template read(String name) throws IOException {
        try (Reader file = Files.newBufferedReader(FOLDER.resolve(name))) {
            return new Template(name, new ObjectMapper().valueToTree(new Yaml(new ShortForms()).load(file)));
        }
    }

    /** All there are. */
    public static Stream<Template> all() throws IOException {
        List<Template> templates = new ArrayList<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.sorted().toList()) {
                if (file.toString().endsWith(".yaml")) {
                    templates.add(read(file.getFileName().toString()));
                }
            }
        }
        return templates.stream();
    }

    public JsonNode parameter(String id) {
        return root.path("Parameters").path(id);
    }

    public JsonNode resource(String id) {
        return root.path("Resources").path(id);
    }

    public JsonNode properties(String id) {
        return resource(id).path("Properties");
    }

    /** A value where it stands, or the default of the parameter that it refers to. */
    public JsonNode byDefault(JsonNode value) {
        return value.has("Ref") ? parameter(value.path("Ref").asText()).path("Default") : value;
    }

    /** All objects of the template, from the outside in. */
    public List<JsonNode> objects() {
        List<JsonNode> objects = new ArrayList<>();
        visit(root, objects::add);
        return objects;
    }

    /** All statements of its policies. */
    public List<JsonNode> statements() {
        return objects().stream().filter(object -> object.has("Effect")).toList();
    }

    private static void visit(JsonNode node, Consumer<JsonNode> visitor) {
        if (node.isObject()) {
            visitor.accept(node);
        }
        node.forEach(child -> visit(child, visitor));
    }

    @Override
    public String toString() {
        return name;
    }

    private static final class ShortForms extends SafeConstructor {
        ShortForms() {
            super(new LoaderOptions());
            yamlMultiConstructors.put("!", new ShortForm());
        }

        private final class ShortForm extends AbstractConstruct {
            @Override
            public Object construct(Node node) {
                String function = node.getTag().getValue().substring(1);
                String name = function.equals("Ref") || function.equals("Condition") ? function : "Fn::" + function;
                return Map.of(name, argument(node));
            }

            private Object argument(Node node) {
                if (node instanceof SequenceNode list) {
                    return constructSequence(list);
                }
                return node instanceof MappingNode map ? constructMapping(map) : constructScalar((ScalarNode) node);
            }
        }
    }
}
