package ai.robutler;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.Random;

/** Who may use whom. The portal's rules stand before it does. */
@AnalyzeClasses(packages = "ai.robutler", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {

    @ArchTest
    static final ArchRule the_gateway_knows_the_portal_by_its_wire_shapes_only = noClasses()
            .that()
            .resideInAPackage("ai.robutler.gateway..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ai.robutler.portal..");

    @ArchTest
    static final ArchRule the_portal_knows_neither_the_gateway_nor_camel = noClasses()
            .that()
            .resideInAPackage("ai.robutler.portal..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("ai.robutler.gateway..", "org.apache.camel..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule wire_shapes_depend_on_nothing_of_ours = noClasses()
            .that()
            .resideInAPackage("ai.robutler.api..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "ai.robutler.gateway..",
                    "ai.robutler.portal..",
                    "ai.robutler.http..",
                    "org.apache.camel..",
                    "io.vertx..");

    @ArchTest
    static final ArchRule the_engine_knows_nothing_of_agents = noClasses()
            .that()
            .resideInAnyPackage("ai.robutler.http..", "ai.robutler.breaker..", "ai.robutler.routing..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("ai.robutler.gateway..", "ai.robutler.portal..");

    @ArchTest
    static final ArchRule only_the_wiring_knows_the_wiring = noClasses()
            .that()
            .resideOutsideOfPackage("ai.robutler")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ai.robutler");

    @ArchTest
    static final ArchRule sql_stays_in_the_portal = noClasses()
            .that()
            .resideOutsideOfPackage("ai.robutler.portal..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "org.jdbi..");

    @ArchTest
    static final ArchRule the_environment_is_read_once = noClasses()
            .that()
            .doNotBelongToAnyOf(Application.class)
            .should()
            .callMethod(System.class, "getenv")
            .orShould()
            .callMethod(System.class, "getenv", String.class);

    @ArchTest
    static final ArchRule packages_form_no_cycle =
            slices().matching("ai.robutler.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule nothing_prints = GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

    @ArchTest
    static final ArchRule nothing_injects_fields = GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION;

    @ArchTest
    static final ArchRule nothing_sleeps = noClasses().should().callMethod(Thread.class, "sleep", long.class);

    @ArchTest
    static final ArchRule classes_are_final_unless_they_are_embedded = classes()
            .that()
            .areNotInterfaces()
            .and()
            .areTopLevelClasses()
            .and()
            .doNotHaveSimpleName("GatewayConfiguration")
            .and()
            .doNotHaveSimpleName("package-info")
            .should()
            .haveModifier(com.tngtech.archunit.core.domain.JavaModifier.FINAL)
            .because("what is not made to be extended is not");

    @ArchTest
    static final ArchRule chance_is_handed_in_or_thread_local = noClasses()
            .that()
            .doNotHaveSimpleName("GatewayConfiguration")
            .should()
            .callConstructor(Random.class);
}
