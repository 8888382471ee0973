using VClusterManager.Server.Configuration;

namespace VClusterManager.Server.Tests.DynamicEndpoints;

/// <summary>Endpoints over small commands, for each thing that can happen in a call.</summary>
public sealed class CallHost : DynamicHost
{
    private protected override string Yaml =>
        """
            endpoints:
              - name: dump
                description: Shows arguments.
                path: /dump/{segment}
                command: dump
                args: ["%s\\0", "{segment}", "--flag={flag}", "{word}"]
                parameters:
                  segment: { in: path }
                  flag: { required: true }
                  word: { required: true }
              - name: dump-body
                description: Shows arguments.
                method: POST
                path: /dump
                command: dump
                args: ["%s\\0", "--flag={flag}", "{word}", "{many}"]
                parameters:
                  flag: { in: body, required: true }
                  word: { in: body, required: true }
                  many: { in: body, type: list, required: true }
              - { name: stdin, description: Echo., method: POST, path: /stdin, command: tool, args: [stdin], stdin: body }
              - name: json
                description: Says JSON.
                path: /json
                command: tool
                args: [say, "{text}"]
                output: json
                parameters: { text: { required: true } }
              - { name: colours, description: Red., path: /colours, command: tool, args: [colours] }
              - name: fail
                description: Fails.
                path: /fail
                command: tool
                args: [fail, "{said}"]
                parameters: { said: { required: true } }
              - name: fail-stream
                description: Fails.
                path: /fail-stream
                command: tool
                args: [fail, "Error from server (NotFound): x"]
                output: stream
              - { name: missing, description: Is not there., path: /missing, command: vcluster, args: [list] }
              - { name: env, description: Environment., path: /env, command: tool, args: [env] }
              - { name: cached, description: Cached., path: /cached, role: admin, command: tool, args: [say, x], cache: 1h }
              - name: count
                description: Counts its runs.
                path: /count
                role: viewer
                command: tool
                args: [count, "{folder}"]
                cache: 1h
                parameters: { folder: { required: true } }
              - name: one-at-a-time
                description: Counts its runs.
                path: /one-at-a-time
                command: tool
                args: [count, "{folder}"]
                concurrency: 1
                parameters: { folder: { required: true } }
              - { name: seldom, description: Once an hour., path: /seldom, command: tool, args: [say, x], rate: 1/h }
              - name: lines
                description: Line by line.
                path: /lines
                command: tool
                args: [lines, "{folder}"]
                output: stream
                parameters: { folder: { required: true } }
            """;

    private protected override ManagerOptions Configure(ManagerOptions options)
    {
        options = base.Configure(options);
        return options with { VCluster = options.VCluster with { Executable = "/nowhere/vcluster" } };
    }
}
