package io.processoptimizer.local.eventbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.processoptimizer.local.wire.ServiceError;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Patterns against one event: each line is a pattern and whether it is for that event. */
class EventPatternTest {
    private static final String EVENT = """
            {"source":"manufacturing.process","detail-type":"Process Optimization","resources":["arn:a","arn:b"],
             "detail":{"process_id":"PROC-017","priority":"high","oee":0.72,"count":300,"closed":true,"nothing":null,
                       "tags":["night","filler"],"none":[],"constraint":{"step_id":"filler"},
                       "steps":[{"id":"a","busy":0.9},{"id":"b","busy":0.2}]}}
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'source':['manufacturing.process']} | true",
                "{'source':['other','manufacturing.process']} | true",
                "{'source':['Manufacturing.process']} | false",
                "{'source':['manufacturing.process'],'detail':{'priority':['low']}} | false",
                "{'detail':{'oee':[0.720]}} | true",
                "{'detail':{'count':[3e2]}} | true",
                "{'detail':{'closed':[true]}} | true",
                "{'detail':{'nothing':[null]}} | true",
                "{'detail':{'missing':[null]}} | false",
                "{'detail':{'process_id':[{'prefix':'PROC-'}]}} | true",
                "{'detail':{'process_id':[{'prefix':'proc-'}]}} | false",
                "{'detail':{'process_id':[{'prefix':{'equals-ignore-case':'proc-'}}]}} | true",
                "{'detail':{'process_id':[{'suffix':'017'}]}} | true",
                "{'detail':{'process_id':[{'suffix':'018'}]}} | false",
                "{'detail':{'process_id':[{'wildcard':'PROC-*7'}]}} | true",
                "{'detail':{'process_id':[{'wildcard':'PROC-*8'}]}} | false",
                "{'detail':{'process_id':[{'equals-ignore-case':'proc-017'}]}} | true",
                "{'detail':{'priority':[{'anything-but':'low'}]}} | true",
                "{'detail':{'priority':[{'anything-but':['low','high']}]}} | false",
                "{'detail':{'priority':[{'anything-but':{'prefix':'hi'}}]}} | false",
                "{'detail':{'count':[{'anything-but':300}]}} | false",
                "{'detail':{'missing':[{'anything-but':'x'}]}} | false",
                "{'detail':{'oee':[{'numeric':['<',0.85]}]}} | true",
                "{'detail':{'oee':[{'numeric':['>=',0.5,'<',0.72]}]}} | false",
                "{'detail':{'oee':[{'numeric':['>=',0.72,'<=',0.72]}]}} | true",
                "{'detail':{'count':[{'numeric':['=',300]}]}} | true",
                "{'detail':{'priority':[{'numeric':['<',1]}]}} | false",
                "{'detail':{'priority':[{'exists':true}]}} | true",
                "{'detail':{'missing':[{'exists':true}]}} | false",
                "{'detail':{'missing':[{'exists':false}]}} | true",
                "{'detail':{'missing':{'deeper':[{'exists':false}]}}} | true",
                "{'detail':{'priority':[{'exists':false}]}} | false",
                "{'detail':{'constraint':[{'exists':true}]}} | false",
                "{'detail':{'constraint':{'step_id':['filler']}}} | true",
                "{'resources':['arn:b']} | true",
                "{'resources':['arn:c']} | false",
                "{'detail':{'tags':[{'prefix':'fil'}]}} | true",
                "{'detail':{'none':['x']}} | false",
                "{'detail':{'steps':{'id':['b']}}} | true",
                "{'detail':{'steps':{'id':['c']}}} | false",
                "{'$or':[{'source':['other']},{'detail':{'priority':['high']}}]} | true",
                "{'$or':[{'source':['other']},{'detail':{'priority':['low']}}]} | false",
            })
    void patternIsForTheEventOrNot(String pattern, boolean expected) throws JsonProcessingException {
        JsonNode event = new ObjectMapper().readTree(EVENT);

        assertThat(EventPattern.parse(pattern.replace('\'', '"')).matches(event))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nothing",
                "[]",
                "{}",
                "{'source':'x'}",
                "{'source':[]}",
                "{'source':[['x']]}",
                "{'source':[{'unknown':'x'}]}",
                "{'source':[{'prefix':1}]}",
                "{'source':[{'prefix':'a','suffix':'b'}]}",
                "{'source':[{'exists':'yes'}]}",
                "{'source':[{'numeric':['<']}]}",
                "{'source':[{'numeric':['<>',1]}]}",
                "{'source':[{'anything-but':[]}]}",
                "{'source':[{'anything-but':{'exists':true}}]}",
                "{'detail':{}}",
                "{'$or':[{'source':['x']}]}",
            })
    void unreadablePatternIsRefused(String pattern) {
        assertThatThrownBy(() -> EventPattern.parse(pattern.replace('\'', '"')))
                .isInstanceOfSatisfying(
                        ServiceError.class, e -> assertThat(e.code()).isEqualTo("InvalidEventPatternException"))
                .hasMessageStartingWith("Event pattern is not valid. Reason: ");
    }
}
