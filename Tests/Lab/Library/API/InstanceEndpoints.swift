/// The server itself and the token's owner.
enum InstanceEndpoints {
    static let routes: [Route] = [
        Route("GET", "/version") { call in
            APIReply(200, ["version": .string(call.core.options.version), "revision": "0123456789a"])
        },
        Route("GET", "/metadata") { call in
            APIReply(
                200,
                [
                    "version": .string(call.core.options.version), "revision": "0123456789a",
                    "kas": [
                        "enabled": false, "externalUrl": nil, "externalK8sProxyUrl": nil, "version": nil,
                    ],
                    "enterprise": .bool(call.core.options.version.hasSuffix("-ee")),
                ]
            )
        },
        Route("GET", "/user") { call in
            let user = call.core.user
            return APIReply(
                200,
                [
                    "id": .integer(user.id), "username": .string(user.path), "name": .string(user.name),
                    "state": "active", "locked": false, "avatar_url": nil, "bot": false, "external": false,
                    "web_url": .string("\(call.core.url)/\(user.path)"),
                    "created_at": .string(user.createdAt),
                    "can_create_group": .bool(call.core.options.allowsTopLevelGroups),
                    "can_create_project": true, "projects_limit": 100_000, "two_factor_enabled": false,
                    "namespace_id": .integer(user.id), "email": "robot@example.com",
                ]
            )
        },
        Route("GET", "/personal_access_tokens/self") { call in
            APIReply(
                200,
                [
                    "id": .integer(call.token.id), "name": "lab", "revoked": false,
                    "created_at": .string(call.core.user.createdAt), "description": nil,
                    "scopes": .array(call.token.scopes.map(JSON.string)),
                    "user_id": .integer(call.core.user.id), "last_used_at": .string(World.timestamp()),
                    "active": .bool(call.token.active), "expires_at": .optional(call.token.expiresAt),
                ]
            )
        },
    ]
}
