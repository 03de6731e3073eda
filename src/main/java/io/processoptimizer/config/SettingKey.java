package io.processoptimizer.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One setting: where it stands in the tree of {@link Settings} and what its annotation says.
 *
 * @param path name in the file, {@code window.slide}
 * @param component the record component that holds it
 * @param about the annotation
 */
record SettingKey(String path, RecordComponent component, Setting about) {
    /** Prefix of every environment variable of ours. */
    static final String ENVIRONMENT_PREFIX = "PO_";

    /** Every setting by path, in the order of the file. */
    static final Map<String, SettingKey> ALL = all();

    private static Map<String, SettingKey> all() {
        Map<String, SettingKey> keys = new LinkedHashMap<>();
        for (RecordComponent section : Settings.class.getRecordComponents()) {
            for (SettingKey key : of(section.getType(), snake(section.getName()) + ".")) {
                keys.put(key.path, key);
            }
        }
        return keys;
    }

    /** The settings of one record, with the prefix before their names. */
    static List<SettingKey> of(Class<?> record, String prefix) {
        List<SettingKey> keys = new ArrayList<>();
        for (RecordComponent component : record.getRecordComponents()) {
            Setting about = component.getAnnotation(Setting.class);
            if (about == null) {
                throw new IllegalStateException(record + "." + component.getName() + " needs a @Setting");
            }
            keys.add(new SettingKey(prefix + snake(component.getName()), component, about));
        }
        return keys;
    }

    /** allowedLateness → allowed_lateness. */
    static String snake(String camel) {
        return camel.replaceAll("([a-z])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }

    /** Name within its section. */
    String name() {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    /** {@code PO_WINDOW_SLIDE}. */
    String environmentVariable() {
        return ENVIRONMENT_PREFIX + path.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    Class<?> type() {
        return component.getType();
    }

    /** Type of the elements where the setting is a list. */
    Class<?> elementType() {
        return (Class<?>) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
    }

    /** The value of this setting in its section. */
    @Nullable
    Object valueIn(Record section) {
        return value(component, section);
    }

    /** The value of a component of a record. */
    static @Nullable Object value(RecordComponent component, Record record) {
        try {
            return component.getAccessor().invoke(record);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("cannot read " + component, e);
        }
    }

    /** Builds a record from its components' values, in order. */
    static Record instantiate(Class<?> type, List<@Nullable Object> values) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
        }
        try {
            return (Record) type.getDeclaredConstructor(types).newInstance(values.toArray());
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof ConfigurationException invalid) {
                throw invalid;
            }
            throw new IllegalStateException("cannot build " + type, e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot build " + type, e);
        }
    }
}
