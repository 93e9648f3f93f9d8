"""Options of the Java of lake servers that tests start."""

QUICK_JAVA = (
    "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m "
    "-XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote"
)
"""Small data, many plans: most of the processor's time would go to optimising code that runs once.

And a sixth of the 14 CPU-seconds of a start to checking the jars' classes, which every other start does.
"""
INTERPRETED = "-Dspark.sql.codegen.wholeStage=false -Dspark.sql.codegen.factoryMode=NO_CODEGEN"
"""Many queries over a few rows: to generate code for them takes longer than to do without.

What Spark generates is tried on the cluster and by the accidents.
"""
